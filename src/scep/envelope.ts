import type { Bytes } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import type { Credential } from "../pki/certificate.ts";
import { type IssuerAndSerial, identifies, readIssuerAndSerial } from "../pki/cms/certificate-id.ts";
import { cipherByOid } from "../pki/cms/ciphers.ts";
import type { BuildCipher, Envelope } from "../pki/cms/envelope.ts";
import { openEnvelope, parseEnvelope } from "../pki/cms/envelope.ts";
import { type CertificateRequest, parseCsr, verifyCsr } from "../pki/csr.ts";
import { fieldsOf, rawOf } from "../pki/der/fields.ts";
import { reading } from "../pki/der/malformed.ts";
import { parseBer } from "../pki/der/parse.ts";
import { tags } from "../pki/der/tags.ts";
import type { FailInfo, RequestType } from "./vocabulary.ts";

/**
 * The inner half of a pkiMessage (RFC 8894 section 3.2.2 and 3.3): an envelope to the authority, and the request in it.
 *
 * Leaves to others: whether it is granted.
 *
 * The surprise: this decrypts for strangers. Algorithms are refused by name before the key is used; after that every
 * fault, from the padding of the content key to the signature of the request, gets the same answer.
 */
export type Asked =
  | { type: "PKCSReq" | "RenewalReq"; csr: CertificateRequest }
  | { type: "CertPoll"; issuer: Bytes; subject: Bytes }
  | { type: "GetCert" | "GetCRL"; of: IssuerAndSerial };

export type EnvelopeRefusal = { failInfo: FailInfo; detail: string };

export function readEnvelope(bytes: Uint8Array, legacyCiphers: boolean): Result<Envelope, EnvelopeRefusal> {
  const envelope = parseEnvelope(bytes, { allowLegacyCiphers: legacyCiphers });
  if (!envelope.ok) {
    const { refusal } = envelope;
    return refusal.reason === "unsupported-cipher"
      ? refuse({ failInfo: "badAlg", detail: unsupported(refusal.algorithm) })
      : refuse({ failInfo: "badMessageCheck", detail: `envelope: ${refusal.reason}` });
  }
  const unread = envelope.value.recipients.find(({ transport }) => !transport);
  return unread ? refuse({ failInfo: "badAlg", detail: `key transport ${unread.transportOid}` }) : envelope;
}

/** For the log: whose client can do nothing newer reads there which setting lets it in. */
function unsupported(algorithm: string): string {
  const cipher = cipherByOid(algorithm);
  return cipher?.legacy
    ? `cipher ${cipher.name}: a client that can do nothing newer needs the variable SCEP_LEGACY_CIPHERS=true`
    : `cipher ${algorithm}`;
}

/** Whose authority the message is for; undefined when it names none of these. */
export const recipientOf = <Named extends { certificate: Credential["certificate"] }>(
  envelope: Envelope,
  authorities: readonly Named[],
): Named | undefined =>
  authorities.find(({ certificate }) => envelope.recipients.some(({ id }) => identifies(id, certificate)));

/** The request, and for a certificate the proof of its key. There is only one refusal for all faults. */
export async function readAsked(
  type: RequestType,
  envelope: Envelope,
  authority: Credential,
): Promise<Result<Asked, EnvelopeRefusal>> {
  const opened = await openEnvelope(envelope, authority);
  if (!opened.ok) return uniform(opened.refusal.reason);
  if (type !== "PKCSReq" && type !== "RenewalReq") {
    const query = reading(() => ok(readQuery(type, opened.value)));
    return query.ok ? query : uniform(query.refusal.detail);
  }
  const csr = parseCsr(opened.value);
  if (!csr.ok) return uniform(csr.refusal.detail);
  const proved = await verifyCsr(csr.value);
  return proved.ok ? ok({ type, csr: csr.value }) : uniform(`request signature: ${proved.refusal.reason}`);
}

const uniform = (detail: string): { ok: false; refusal: EnvelopeRefusal } =>
  refuse({ failInfo: "badMessageCheck", detail });

function readQuery(type: "CertPoll" | "GetCert" | "GetCRL", bytes: Bytes): Asked {
  const element = parseBer(bytes);
  if (type !== "CertPoll") return { type, of: readIssuerAndSerial(element) };
  const names = fieldsOf(element, tags.sequence, "issuer and subject");
  return {
    type,
    issuer: rawOf(names.take(tags.sequence, "issuer")),
    subject: rawOf(names.take(tags.sequence, "subject")),
  };
}

/** The cipher of the answer: the one of the request, or AES-128 if that one is read but never written. */
export const replyCipher = ({ cipher: { name } }: Envelope): BuildCipher =>
  name === "AES-192-CBC" || name === "AES-256-CBC" ? name : "AES-128-CBC";
