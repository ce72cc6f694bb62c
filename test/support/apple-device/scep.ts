/**
 * The SCEP client of Apple's systems (RFC 8894, as iOS and macOS speak it): GetCACert, GetCACaps, PKIOperation. Renewal
 * is another PKCSReq with a new challenge, never a RenewalReq. Content types are compared byte for byte and the HTTP
 * status is not looked at, as on iOS.
 */
import { createHash } from "node:crypto";
import {
  type AlternativeNames,
  type CertificateParts,
  certificateRequest,
  distinguishedName,
  type Identity,
  keyUsageBits,
  type NameInput,
  readCertificate,
  selfSigned,
} from "./certificate.ts";
import { attribute, envelop, openEnvelope, readSignedData, signedData } from "./cms.ts";
import { type Bytes, base64, hex, octets, printableString, sameBytes, sequence } from "./der.ts";
import { bareRsaKey, type Key, type KeySource } from "./keys.ts";
import { type Cipher, type Digest, oids } from "./oids.ts";
import type { Random } from "./random.ts";

/** What a `com.apple.security.scep` payload says. */
export type ScepParameters = {
  url: string;
  name?: string;
  subject?: NameInput;
  challenge?: string;
  /** Bits 1 (signing) and 4 (encryption). */
  keyUsage?: number;
  /** MD5 or SHA-1 of the CA certificate. */
  caFingerprint?: Uint8Array;
  names?: AlternativeNames;
  retries?: number;
  retryDelaySeconds?: number;
};

/** How the two families differ in what they send. */
export type ScepDialect = "ios" | "macos";

export type ScepSurroundings = {
  transport: (request: Request) => Promise<Response>;
  now: () => number;
  random: Random;
  newKey: KeySource;
  pause: (ms: number) => Promise<void>;
  dialect: ScepDialect;
  payloadIdentifier: string;
};

/** Why no certificate came, with the code iOS would show (domain MCSCEPErrorDomain). */
export class ScepFailure extends Error {
  override readonly name = "ScepFailure";

  readonly code: 22003 | 22004 | 22006 | 22007 | 22008 | 22013;
  readonly failInfo: string | undefined;

  constructor(code: ScepFailure["code"], message: string, failInfo?: string) {
    super(message);
    this.code = code;
    this.failInfo = failInfo;
  }
}

type Authority = { ca: CertificateParts; signer: CertificateParts; recipient: CertificateParts };
type Abilities = { post: boolean; cipher: Cipher; digest: Digest };

export async function enrolIdentity(parameters: ScepParameters, around: ScepSurroundings): Promise<Identity> {
  const key = await around.newKey();
  const authority = await getAuthority(parameters, around);
  const abilities = await getAbilities(parameters, around);
  return requestCertificate({ parameters, around, key, authority, abilities });
}

const address = (parameters: ScepParameters, query: string): string =>
  `${parameters.url}${parameters.url.includes("?") ? "&" : "?"}${query}`;

async function getAuthority(parameters: ScepParameters, around: ScepSurroundings): Promise<Authority> {
  const message = parameters.name === undefined ? "" : `&message=${encodeURIComponent(parameters.name)}`;
  const response = await around.transport(new Request(address(parameters, `operation=GetCACert${message}`)));
  const body = new Uint8Array(await response.arrayBuffer());
  const type = response.headers.get("content-type");
  const authority = authorityFrom(type, body);
  checkFingerprint(authority.ca, parameters.caFingerprint);
  return authority;
}

function authorityFrom(type: string | null, body: Bytes): Authority {
  if (type === "application/x-x509-ca-cert" && body.length > 0) {
    const ca = readCertificate(body);
    return { ca, signer: ca, recipient: ca };
  }
  if (type === "application/x-x509-ca-ra-cert" && body.length > 0) return authorityOfMany(body);
  throw new ScepFailure(22004, `GetCACert answered ${body.length} bytes of type ${type}`);
}

/** With registration authorities: who may sign and who may be encrypted to is read from their key usage alone. */
function authorityOfMany(body: Bytes): Authority {
  const certificates = readSignedData(body).certificates.map(readCertificate);
  const roots = certificates.filter(({ issuer, subject }) => sameBytes(issuer, subject));
  const leaves = certificates.filter(({ isCa }) => !isCa);
  const [ca] = roots;
  const signer = leaves.find(({ keyUsage = 0 }) => keyUsage & keyUsageBits.digitalSignature);
  const recipient = leaves.find(({ keyUsage = 0 }) => keyUsage & keyUsageBits.keyEncipherment);
  if (!ca || roots.length > 1 || !signer || !recipient) {
    throw new ScepFailure(22003, "the certificates of GetCACert are no root with registration authorities");
  }
  return { ca, signer, recipient };
}

function checkFingerprint(ca: CertificateParts, expected: Uint8Array | undefined): void {
  if (expected === undefined) return;
  const algorithm = { 16: "md5", 20: "sha1" }[expected.length];
  if (algorithm === undefined) {
    throw new ScepFailure(22003, `CAFingerprint has ${expected.length} bytes, neither MD5 nor SHA-1`);
  }
  if (!sameBytes(createHash(algorithm).update(ca.der).digest(), expected)) {
    throw new ScepFailure(22003, "GetCACert answered another certificate than CAFingerprint names");
  }
}

async function getAbilities(parameters: ScepParameters, around: ScepSurroundings): Promise<Abilities> {
  const response = await around.transport(new Request(address(parameters, "operation=GetCACaps")));
  const words = (await response.text()).split(/[\r\n]+/).filter((word) => word !== "");
  if (!response.ok || words.length === 0) return { post: false, cipher: "3DES", digest: "SHA-1" };

  const digest = (["SHA-512", "SHA-256", "SHA-1"] as const).find((name) => words.includes(name));
  if (digest === undefined) throw new ScepFailure(22006, `GetCACaps names no digest: ${words.join(", ")}`);
  return {
    post: words.includes("POSTPKIOperation"),
    cipher: words.includes("AES") ? "AES-128" : "3DES",
    digest,
  };
}

type Exchange = {
  parameters: ScepParameters;
  around: ScepSurroundings;
  key: Key;
  authority: Authority;
  abilities: Abilities;
};

async function requestCertificate(exchange: Exchange): Promise<Identity> {
  const { parameters, around, key, authority } = exchange;
  const signer = await requestSigner(key, around);
  const transactionId = hex(createHash("sha1").update(bareRsaKey(key.spki)).digest()).toUpperCase();
  const subject = subjectOf(parameters, around.payloadIdentifier);
  const request = certificateRequest({
    key,
    version: around.dialect === "macos" ? 2 : 0,
    digest: "SHA-256",
    subject,
    challenge: parameters.challenge,
    keyUsage: parameters.keyUsage ?? 0,
    names: parameters.names ?? {},
  });

  let reply = await operate(exchange, signer, transactionId, "19", request);
  for (let left = (parameters.retries ?? 3) + 1; reply === "pending" && left > 0; left--) {
    await around.pause((parameters.retryDelaySeconds ?? 10) * 1000);
    const poll = sequence(authority.ca.subject, distinguishedName(subject));
    reply = await operate(
      { ...exchange, abilities: { ...exchange.abilities, cipher: "3DES", digest: "SHA-1" } },
      signer,
      transactionId,
      "20",
      poll,
    );
  }
  if (reply === "pending") throw new ScepFailure(22013, "the request was pending until patience ended");
  return { key, certificate: issuedCertificate(reply, signer, key) };
}

const subjectOf = ({ subject }: ScepParameters, payloadIdentifier: string): NameInput => {
  const hasCommonName = subject?.some((relative) => relative.some(([type]) => type === "CN"));
  return hasCommonName ? (subject ?? []) : [...(subject ?? []), [["CN", payloadIdentifier]]];
};

/** iOS signs with the key it asks a certificate for; macOS with another one, under a fixed name. */
async function requestSigner(key: Key, around: ScepSurroundings): Promise<Identity> {
  const mac = around.dialect === "macos";
  const signerKey = mac ? await around.newKey() : key;
  const now = around.now();
  const certificate = selfSigned({
    key: signerKey,
    subject: mac ? [[["CN", "MDM SCEP SIGNER"]], [["C", "US"]]] : [[["CN", around.random.uuid()]]],
    serial: mac ? 1 : around.random.bytes(8),
    notBefore: now,
    notAfter: now + 365 * 86_400_000,
    clientAuth: mac,
  });
  return { key: signerKey, certificate };
}

async function operate(
  exchange: Exchange,
  signer: Identity,
  transactionId: string,
  messageType: "19" | "20",
  content: Bytes,
): Promise<Bytes | "pending"> {
  const { parameters, around, authority, abilities } = exchange;
  const encoding = around.dialect === "macos" ? "ber" : "der";
  const envelope = envelop({
    content,
    recipient: authority.recipient,
    cipher: abilities.cipher,
    encoding,
    random: around.random.bytes,
  });
  const message = signedData({
    content: envelope,
    detached: false,
    signer,
    style: { digest: abilities.digest, attributes: true, encoding: "der", algorithm: "plain" },
    now: around.now(),
    attributes: [
      attribute(oids.messageType, printableString(messageType)),
      attribute(oids.transactionId, printableString(transactionId)),
      attribute(oids.senderNonce, octets(around.random.bytes(16))),
    ],
  });
  const response = await around.transport(operationRequest(parameters, abilities, message));
  return readReply(response, authority);
}

function operationRequest(parameters: ScepParameters, abilities: Abilities, message: Bytes): Request {
  if (abilities.post) {
    return new Request(address(parameters, "operation=PKIOperation"), {
      method: "POST",
      headers: { "content-type": "application/x-pki-message" },
      body: message,
    });
  }
  // URL components leave `+` and `/` as they are and escape `=` alone.
  const escaped = base64(message).replaceAll("=", "%3D");
  return new Request(address(parameters, `operation=PKIOperation&message=${escaped}`));
}

async function readReply(response: Response, authority: Authority): Promise<Bytes | "pending"> {
  const type = response.headers.get("content-type");
  const body = new Uint8Array(await response.arrayBuffer());
  if (type !== "application/x-pki-message" || body.length === 0) {
    throw new ScepFailure(
      22004,
      `PKIOperation answered ${response.status}, ${body.length} bytes of type ${type}`,
    );
  }
  const reply = readSignedData(body);
  if (!reply.signer || !sameBytes(reply.signer.der, authority.signer.der)) {
    throw new ScepFailure(22013, "the reply is signed by another certificate than GetCACert answered");
  }
  const word = (type: string): string | undefined => {
    const value = reply.attributes?.get(type);
    return value?.tag === 19 ? value.string : undefined;
  };
  if (word(oids.messageType) !== "3") throw new ScepFailure(22013, "the reply is no CertRep");
  const status = word(oids.pkiStatus);
  if (status === "3") return "pending";
  if (status !== "0" || reply.content === undefined) {
    throw new ScepFailure(22013, `the server answered pkiStatus ${status}`, word(oids.failInfo));
  }
  return reply.content;
}

/** The first certificate is taken, whatever else came: it must be the one for our key. */
function issuedCertificate(envelope: Bytes, signer: Identity, key: Key): Bytes {
  const [first] = readSignedData(openEnvelope(envelope, signer.key).content).certificates;
  if (first === undefined) throw new ScepFailure(22007, "the reply holds no certificate");
  if (!sameBytes(readCertificate(first).spki, key.spki)) {
    throw new ScepFailure(22008, "the first certificate of the reply is not for our key");
  }
  return first;
}
