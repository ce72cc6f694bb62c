import { oids } from "../pki/oids.ts";

// The words of SCEP (RFC 8894 section 3.2): attributes of a message, its types, its outcomes. All numbers travel as
// decimal text in a PrintableString.

const verisign = oids.scepAttributes;

export const attributeOids = {
  messageType: `${verisign}.2`,
  pkiStatus: `${verisign}.3`,
  failInfo: `${verisign}.4`,
  senderNonce: `${verisign}.5`,
  recipientNonce: `${verisign}.6`,
  transactionID: `${verisign}.7`,
} as const;

export const messageTypes = {
  CertRep: "3",
  RenewalReq: "17",
  PKCSReq: "19",
  CertPoll: "20",
  GetCert: "21",
  GetCRL: "22",
} as const;

export type RequestType = Exclude<keyof typeof messageTypes, "CertRep">;

const requestTypes: ReadonlyMap<string, RequestType> = new Map(
  (["RenewalReq", "PKCSReq", "CertPoll", "GetCert", "GetCRL"] as const).map((name) => [
    messageTypes[name],
    name,
  ]),
);

export const requestTypeOf = (digits: string): RequestType | undefined => requestTypes.get(digits);

export const pkiStatuses = { SUCCESS: "0", FAILURE: "2", PENDING: "3" } as const;

/**
 * Section 3.2.1.4.5. A client gets only these codes: `badAlg` depends only on names of algorithms, before any key is used;
 * every fault between that and a request that proves its own key is `badMessageCheck`, so that our answers reveal nothing
 * about a decryption (section 7.7 of the RFC, Bleichenbacher's and
 * Vaudenay's attacks).
 */
export const failInfos = {
  badAlg: "0",
  badMessageCheck: "1",
  badRequest: "2",
  badTime: "3",
  badCertId: "4",
} as const;

export type FailInfo = keyof typeof failInfos;
