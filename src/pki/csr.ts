import type { Bytes } from "../base/bytes.ts";
import { ok, type Result } from "../base/result.ts";
import { readAttributes, singleValue } from "./attributes.ts";
import { fieldsOf, rawOf } from "./der/fields.ts";
import { type MalformedRefusal, reading } from "./der/malformed.ts";
import { parseBer } from "./der/parse.ts";
import { contextTag, tags } from "./der/tags.ts";
import { bitsOf, textOf } from "./der/values.ts";
import { type Extensions, readExtensions } from "./extensions.ts";
import { algorithmOf } from "./keys.ts";
import { partsOf, textOfParts } from "./names.ts";
import { oids } from "./oids.ts";
import { type AlgorithmIdentifier, type SignatureRefusal, verifySignature } from "./signature.ts";

// Certification requests (PKCS#10, RFC 2986). What a request asks for is a wish: the caller decides what is granted.
// One surprise: macOS writes version 2 where the RFC allows 0 alone, so the version is not looked at.

export type CertificateRequest = {
  der: Bytes;
  /** The signed part, byte for byte. */
  info: Bytes;
  /** Name, raw DER. */
  subject: Bytes;
  subjectText: string;
  spki: Bytes;
  signatureAlgorithm: AlgorithmIdentifier;
  signature: Bytes;
  challengePassword: string | undefined;
  /** The extensions it wishes for; empty when it names none. */
  extensions: Extensions;
};

const maxBytes = 64 * 1024;

/** Reads a request; whether its maker holds the key is for `verifyCsr`. */
export const parseCsr = (der: Uint8Array): Result<CertificateRequest, MalformedRefusal> =>
  reading(() => ok(readCsr(new Uint8Array(der))));

function readCsr(der: Bytes): CertificateRequest {
  const whole = fieldsOf(parseBer(der, { maxBytes }), tags.sequence, "request");
  const infoElement = whole.take(tags.sequence, "signed part");
  const { algorithm, parameters } = algorithmOf(whole.take(tags.sequence, "signature algorithm"));
  const signature = bitsOf(whole.any("signature"), "signature");

  const info = fieldsOf(infoElement, tags.sequence, "signed part");
  info.take(tags.integer, "version");
  const subject = info.take(tags.sequence, "subject");
  const spki = info.take(tags.sequence, "public key");
  const attributeSet = info.maybe(contextTag(0));
  const attributes = attributeSet ? readAttributes(attributeSet) : new Map();
  const password = singleValue(attributes, oids.challengePassword);
  const wishes =
    singleValue(attributes, oids.extensionRequest) ?? singleValue(attributes, oids.legacyExtensionRequest);
  return {
    der,
    info: rawOf(infoElement),
    subject: rawOf(subject),
    subjectText: textOfParts(partsOf(subject)),
    spki: rawOf(spki),
    signatureAlgorithm: { algorithm, parameters: parameters && rawOf(parameters) },
    signature,
    challengePassword: password && textOf(password, "challenge password"),
    extensions: wishes ? readExtensions(wishes) : new Map(),
  };
}

/** Proof of possession: the request is signed by the key it asks a certificate for. SHA-1 is read, as old clients sign. */
export const verifyCsr = (csr: CertificateRequest): Promise<Result<undefined, SignatureRefusal>> =>
  verifySignature({
    algorithm: csr.signatureAlgorithm,
    spki: csr.spki,
    signature: csr.signature,
    data: csr.info,
    allowSha1: true,
  });
