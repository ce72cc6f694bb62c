import type { Bytes } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { type Attributes, readAttributes, singleValue } from "../pki/attributes.ts";
import type { Certificate } from "../pki/certificate.ts";
import { readContentInfo } from "../pki/cms/content-info.ts";
import { readSignedData, verifySignedData } from "../pki/cms/verify.ts";
import { fieldsOf } from "../pki/der/fields.ts";
import { malformed, reading } from "../pki/der/malformed.ts";
import type { Element } from "../pki/der/parse.ts";
import { contextTag, tags } from "../pki/der/tags.ts";
import { octetStringOf, textOf } from "../pki/der/values.ts";
import { keyShape } from "../pki/keys.ts";
import { oids } from "../pki/oids.ts";
import type { Digest } from "../pki/signature.ts";
import { attributeOids, type FailInfo, type RequestType, requestTypeOf } from "./vocabulary.ts";

/**
 * The outer half of a pkiMessage (RFC 8894 section 3.1 and 3.2): its signer, its transaction, its type.
 *
 * Leaves to others: the envelope inside (`envelope.ts`), and whether the signer is known. In a first request it is a
 * temporary certificate that only proves who may read the answer.
 *
 * The surprise: that certificate has no requirements. macOS signs with another key than the one in the request, sscep uses
 * a version 1 certificate, and most have inexact dates.
 */
export type ScepRequest = {
  type: RequestType;
  /** Opaque text of the client; echoed as it came. */
  transactionID: string;
  senderNonce: Bytes;
  signer: Certificate;
  digest: Digest;
  /** The envelope, still closed. */
  envelope: Bytes;
};

/** What an answer repeats, as far as the message could be read; unproven if the signature was refused. */
export type Echo = { transactionID: string; senderNonce: Bytes | undefined };

export type MessageRefusal =
  /** It is not signed data, so no CertRep is possible. */
  | { reason: "not-cms"; detail: string }
  | { reason: "refused"; failInfo: FailInfo; detail: string; echo: Echo };

const longestTransactionID = 255;
const longestNonce = 64;

export async function readRequest(message: Uint8Array): Promise<Result<ScepRequest, MessageRefusal>> {
  const outline = reading(() => ok(outlineOf(message)));
  if (!outline.ok) return refuse({ reason: "not-cms", detail: outline.refusal.detail });
  const { echo } = outline.value;
  const refused = (detail: string, failInfo: FailInfo = "badMessageCheck"): Result<never, MessageRefusal> =>
    refuse({ reason: "refused", failInfo, detail, echo });

  // Clients that never asked for our capabilities use SHA-1; it is read and never written.
  const verified = await verifySignedData(message, { allowSha1: true });
  if (!verified.ok) {
    const { reason } = verified.refusal;
    return refused(`signature: ${reason}`, reason === "unsupported-algorithm" ? "badAlg" : "badMessageCheck");
  }
  const { signer, signedAttributes, content, digest } = verified.value;
  // The answer is encrypted to the signer's key.
  if (!isRsa(signer)) return refused("the signer's key is not RSA", "badAlg");
  if (!signedAttributes) return refused("no signed attributes");
  if (!content) return refused("no content");
  const named = reading(() => ok(namedBy(signedAttributes)));
  if (!named.ok) return refused(named.refusal.detail);
  const type = requestTypeOf(named.value.messageType ?? "");
  if (!type) return refused(`message type ${named.value.messageType ?? "absent"}`);
  const { transactionID, senderNonce } = named.value;
  if (!transactionID || transactionID.length > longestTransactionID) return refused("transactionID");
  if (!senderNonce || senderNonce.length === 0 || senderNonce.length > longestNonce)
    return refused("senderNonce");
  return ok({ type, transactionID, senderNonce, signer, digest, envelope: content });
}

function isRsa({ spki }: Certificate): boolean {
  const shape = keyShape(spki);
  return shape.ok && shape.value.kind === "rsa";
}

/** The attributes of the first signer, before any is believed, for a refusal that says which message it is about. */
function outlineOf(message: Uint8Array): { echo: Echo } {
  const { type, content } = readContentInfo(new Uint8Array(message));
  if (type !== oids.signedData) malformed(`content type ${type}`);
  const [signerInfo] = readSignedData(content).signerInfos;
  const set = signerInfo && signedAttributesOf(signerInfo);
  if (!set) return { echo: nothing };
  const named = reading(() => ok(namedBy(readAttributes(set))));
  if (!named.ok) return { echo: nothing };
  const { transactionID = "", senderNonce } = named.value;
  return { echo: { transactionID: transactionID.slice(0, longestTransactionID), senderNonce } };
}

const nothing: Echo = { transactionID: "", senderNonce: undefined };

function signedAttributesOf(signerInfo: Element): Element | undefined {
  const fields = fieldsOf(signerInfo, tags.sequence, "signer info");
  fields.any("version");
  fields.any("signer identifier");
  fields.any("digest algorithm");
  return fields.maybe(contextTag(0));
}

function namedBy(attributes: Attributes): {
  messageType: string | undefined;
  transactionID: string | undefined;
  senderNonce: Bytes | undefined;
} {
  const text = (type: string, what: string): string | undefined => {
    const value = singleValue(attributes, type);
    return value && textOf(value, what);
  };
  const nonce = singleValue(attributes, attributeOids.senderNonce);
  return {
    messageType: text(attributeOids.messageType, "messageType"),
    transactionID: text(attributeOids.transactionID, "transactionID"),
    senderNonce: nonce && octetStringOf(nonce, "senderNonce"),
  };
}
