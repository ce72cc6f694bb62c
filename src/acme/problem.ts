/**
 * The problems of an ACME server (RFC 8555 section 6.7, and draft-ietf-acme-device-attest for `badAttestationStatement`).
 * One row has everything about a type.
 *
 * The surprise: Apple's client never reads these documents. They are for other clients, and for people who look for a fault.
 */
export const problemStatuses = {
  accountDoesNotExist: 400,
  alreadyRevoked: 400,
  badAttestationStatement: 400,
  badCSR: 400,
  badNonce: 400,
  badPublicKey: 400,
  badRevocationReason: 400,
  badSignatureAlgorithm: 400,
  malformed: 400,
  orderNotReady: 403,
  rateLimited: 429,
  rejectedIdentifier: 400,
  serverInternal: 500,
  unauthorized: 403,
  unsupportedIdentifier: 400,
} as const;

export type ProblemType = keyof typeof problemStatuses;

export type Identifier = { type: string; value: string };

export type AcmeRefusal = {
  type: ProblemType;
  detail: string;
  /** The identifier with the problem. */
  identifier?: Identifier;
};

export const acmeRefusal = (type: ProblemType, detail: string): { ok: false; refusal: AcmeRefusal } => ({
  ok: false,
  refusal: { type, detail },
});

const urn = (type: ProblemType): string => `urn:ietf:params:acme:error:${type}`;

export type ProblemDocument = {
  type: string;
  detail: string;
  status: number;
  algorithms?: readonly string[];
  subproblems?: readonly { type: string; detail: string; identifier: Identifier }[];
};

export const problemDocument = ({ type, detail, identifier }: AcmeRefusal): ProblemDocument => ({
  type: urn(type),
  detail,
  status: problemStatuses[type],
  ...(identifier && { subproblems: [{ type: urn("rejectedIdentifier"), detail, identifier }] }),
});
