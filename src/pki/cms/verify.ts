import type { Bytes } from "../../base/bytes.ts";
import { ok, type Result, refuse } from "../../base/result.ts";
import { type Attributes, isAttributeSet, readAttributes, singleValue } from "../attributes.ts";
import type { Certificate } from "../certificate.ts";
import { contentOf, fieldsOf, onlyChild, rawOf } from "../der/fields.ts";
import { type MalformedRefusal, reading } from "../der/malformed.ts";
import type { Element } from "../der/parse.ts";
import { contextTag, tags } from "../der/tags.ts";
import { octetStringOf, oidOf } from "../der/values.ts";
import { sorted, tlv } from "../der/write.ts";
import { algorithmOf } from "../keys.ts";
import { oids } from "../oids.ts";
import { readSeenCertificate } from "../seen-certificates.ts";
import {
  type AlgorithmIdentifier,
  type Digest,
  digestOf,
  type SignatureRefusal,
  verifySignature,
} from "../signature.ts";
import { type CertificateId, identifies, readCertificateId } from "./certificate-id.ts";
import { readContentInfo } from "./content-info.ts";

// SignedData (RFC 5652 section 5), attached and detached, BER as devices send it: says who signed what.
// Whether the signer's certificate may be believed is for chain.ts and its callers; signing time is nobody's proof.
// One surprise: macOS signs without signed attributes, straight over the content; others sign the attributes.

export type VerifyOptions = {
  /** The content, when it travels beside the message. A message that then brings its own is refused. */
  detached?: Uint8Array;
  /** A message without content counts as one over zero bytes (SCEP failures). */
  allowAbsentContent?: boolean;
  /** Certificates known beforehand, for messages that embed none. */
  certificates?: readonly Certificate[];
  /** For Mdm-Signature and machine info, whose senders still use it; off elsewhere. */
  allowSha1?: boolean;
  maxBytes?: number;
};

type OpenOptions = Pick<VerifyOptions, "certificates" | "allowSha1" | "maxBytes">;

export type VerifiedSignedData = {
  signer: Certificate;
  /** undefined when the content travelled beside the message, or there is none. */
  content: Bytes | undefined;
  contentType: string;
  /** All readable certificates of the message, in its order. */
  certificates: Certificate[];
  /** undefined when the signature is straight over the content. */
  signedAttributes: Attributes | undefined;
  digest: Digest;
};

export type CmsRefusal =
  | MalformedRefusal
  | SignatureRefusal
  | { reason: "wrong-content-type"; found: string }
  | { reason: "embedded-content" }
  | { reason: "absent-content" }
  | { reason: "signer-count"; count: number }
  | { reason: "no-signer-certificate"; certificates: number }
  | { reason: "bad-attributes"; detail: string }
  | { reason: "attributes-as-content" }
  | { reason: "digest-mismatch" };

type SignerInfo = {
  sid: CertificateId;
  digestAlgorithm: string;
  attributes: { element: Element; values: Attributes } | undefined;
  signatureAlgorithm: AlgorithmIdentifier;
  signature: Bytes;
};

type SignedData = {
  contentType: string;
  content: Bytes | undefined;
  certificates: Certificate[];
  signerInfos: readonly Element[];
};

/** A message that was read and nothing more: who claims to have signed, not yet what, nor whether that is true. */
export type OpenedSignedData = {
  signer: Certificate;
  digest: Digest;
  message: SignedData;
  signerInfo: SignerInfo;
};

export async function verifySignedData(
  cms: Uint8Array,
  options: VerifyOptions = {},
): Promise<Result<VerifiedSignedData, CmsRefusal>> {
  const opened = options.detached ? openDetached(cms, options) : openSignedData(cms, options);
  if (!opened.ok) return opened;
  const { content } = opened.value.message;
  const signed = options.detached ?? content ?? (options.allowAbsentContent ? new Uint8Array() : undefined);
  return signed ? verifyOpened(opened.value, signed, options) : refuse({ reason: "absent-content" });
}

/** Of a message whose content travels beside it, all that can be read before that content has come. */
export function openDetached(
  cms: Uint8Array,
  options: OpenOptions = {},
): Result<OpenedSignedData, CmsRefusal> {
  const opened = openSignedData(cms, options);
  // A verifier that is handed the content must not be talked into checking another one.
  return opened.ok && opened.value.message.content ? refuse({ reason: "embedded-content" }) : opened;
}

function openSignedData(cms: Uint8Array, options: OpenOptions): Result<OpenedSignedData, CmsRefusal> {
  const read = reading(() => readMessage(cms, options));
  if (!read.ok) return read;
  const { message, signerInfo } = read.value;

  const digest = digestOf(signerInfo.digestAlgorithm);
  if (!digest)
    return refuse({
      reason: "unsupported-algorithm",
      algorithm: signerInfo.digestAlgorithm,
      detail: "not a digest that is read here",
    });
  if (digest === "SHA-1" && !options.allowSha1) return refuse({ reason: "weak-digest", digest });

  const signer = [...message.certificates, ...(options.certificates ?? [])].find((certificate) =>
    identifies(signerInfo.sid, certificate),
  );
  if (!signer) return refuse({ reason: "no-signer-certificate", certificates: message.certificates.length });
  return ok({ signer, digest, message, signerInfo });
}

export async function verifyOpened(
  { signer, digest, message, signerInfo }: OpenedSignedData,
  content: Uint8Array,
  { allowSha1 = false }: Pick<VerifyOptions, "allowSha1"> = {},
): Promise<Result<VerifiedSignedData, CmsRefusal>> {
  const signed = await signedBytes(message, signerInfo, content as Bytes, digest);
  if (!signed.ok) return signed;
  const verified = await verifyAny(signed.value, {
    algorithm: signerInfo.signatureAlgorithm,
    digest,
    spki: signer.spki,
    signature: signerInfo.signature,
    allowSha1,
  });
  if (!verified.ok) return verified;
  return ok({
    signer,
    content: message.content,
    contentType: message.contentType,
    certificates: message.certificates,
    signedAttributes: signerInfo.attributes?.values,
    digest,
  });
}

function readMessage(
  cms: Uint8Array,
  options: OpenOptions,
): Result<{ message: SignedData; signerInfo: SignerInfo }, CmsRefusal> {
  // The answer keeps pieces of the message; a copy keeps them true, whatever the caller does with its buffer.
  const { type, content: body } = readContentInfo(new Uint8Array(cms), options.maxBytes);
  if (type !== oids.signedData) return refuse({ reason: "wrong-content-type", found: type });
  const message = readSignedData(body);
  const [only, ...others] = message.signerInfos;
  if (!only || others.length > 0)
    return refuse({ reason: "signer-count", count: message.signerInfos.length });
  return ok({ message, signerInfo: readSignerInfo(only) });
}

/** Shared with the reader of certificates-only messages; throws Malformed. */
export function readSignedData(element: Element): SignedData {
  const fields = fieldsOf(element, tags.sequence, "signed data");
  fields.take(tags.integer, "version");
  fields.take(tags.set, "digest algorithms");
  const encapsulated = fieldsOf(fields.take(tags.sequence, "content"), tags.sequence, "content");
  const contentType = oidOf(encapsulated.any("content type"), "content type");
  const content = encapsulated.maybe(contextTag(0));
  const certificates = fields.maybe(contextTag(0));
  fields.maybe(contextTag(1));
  const signerInfos = fields.take(tags.set, "signer infos").children;
  return {
    contentType,
    content: content && octetStringOf(onlyChild(content, "content"), "content"),
    certificates: readCertificates(certificates),
    signerInfos,
  };
}

const maxCertificates = 16;

// What is no certificate (attribute certificates have tags of their own) or cannot be read is passed over: a message
// needs its signer's certificate only, and misses it by name if that is the one.
function readCertificates(set: Element | undefined): Certificate[] {
  return (set?.children ?? [])
    .slice(0, maxCertificates)
    .map((element) => reading(() => ok(readSeenCertificate(rawOf(element)))))
    .flatMap((certificate) => (certificate.ok ? [certificate.value] : []));
}

function readSignerInfo(element: Element): SignerInfo {
  const fields = fieldsOf(element, tags.sequence, "signer info");
  fields.take(tags.integer, "version");
  const sid = readCertificateId(fields.any("signer identifier"));
  const digestAlgorithm = algorithmOf(fields.take(tags.sequence, "digest algorithm")).algorithm;
  const attributes = fields.maybe(contextTag(0));
  const { algorithm, parameters } = algorithmOf(fields.take(tags.sequence, "signature algorithm"));
  return {
    sid,
    digestAlgorithm,
    attributes: attributes && { element: attributes, values: readAttributes(attributes) },
    signatureAlgorithm: { algorithm, parameters: parameters && rawOf(parameters) },
    signature: octetStringOf(fields.any("signature"), "signature"),
  };
}

/** The bytes the signature may be over, likeliest first; with attributes, only after they agree with the content. */
async function signedBytes(
  message: SignedData,
  { attributes }: SignerInfo,
  content: Bytes,
  digest: Digest,
): Promise<Result<Bytes[], CmsRefusal>> {
  const bad = (detail: string): Result<Bytes[], CmsRefusal> => refuse({ reason: "bad-attributes", detail });
  if (!attributes) {
    if (message.contentType !== oids.data)
      return bad(`content type ${message.contentType} without signed attributes`);
    // An attacker who sends the attributes of a message as its content has a valid signature of that content.
    return isAttributeSet(content) ? refuse({ reason: "attributes-as-content" }) : ok([content]);
  }

  const named = reading(() => {
    const type = singleValue(attributes.values, oids.contentType);
    const expected = singleValue(attributes.values, oids.messageDigest);
    return ok({
      type: type && oidOf(type, "content type attribute"),
      expected: expected && octetStringOf(expected, "message digest"),
    });
  });
  if (!named.ok) return bad(named.refusal.detail);
  const { type, expected } = named.value;
  if (type !== message.contentType) return bad(`content type ${message.contentType} signed as ${type}`);
  if (!expected) return bad("no message digest");
  const actual = new Uint8Array(await crypto.subtle.digest(digest, content));
  if (Buffer.compare(actual, expected) !== 0) return refuse({ reason: "digest-mismatch" });
  return ok(asSet(attributes.element));
}

// RFC 5652 section 5.4: attributes are signed as SET OF, not under the tag [0] they travel with. The RFC says in
// DER order; senders that do not sort have signed what they sent, and senders that sort may not send what they signed.
function asSet(element: Element): Bytes[] {
  const received = tlv(tags.set, contentOf(element));
  const ordered = tlv(tags.set, ...sorted(element.children.map(rawOf)));
  return Buffer.compare(received, ordered) === 0 ? [received] : [received, ordered];
}

async function verifyAny(
  candidates: readonly Bytes[],
  input: Omit<Parameters<typeof verifySignature>[0], "data">,
): Promise<Result<undefined, SignatureRefusal>> {
  for (const data of candidates) {
    const verified = await verifySignature({ ...input, data });
    if (verified.ok || verified.refusal.reason !== "bad-signature") return verified;
  }
  return refuse({ reason: "bad-signature" });
}
