import { type Bytes, toHex } from "../../base/bytes.ts";
import type { Certificate } from "../certificate.ts";
import { fieldsOf, rawOf } from "../der/fields.ts";
import type { Element } from "../der/parse.ts";
import { primitiveTag, tags } from "../der/tags.ts";
import { octetsOf, unsignedOf } from "../der/values.ts";
import { integer, sequence } from "../der/write.ts";

// How CMS points at a certificate: SignerIdentifier and RecipientIdentifier (RFC 5652 sections 5.3 and 6.2.1), and
// IssuerAndSerialNumber by itself, as SCEP sends it. Names are compared byte for byte.

export type IssuerAndSerial = { issuer: Bytes; serial: string };
export type CertificateId = IssuerAndSerial | { keyId: Bytes };

/** Throws Malformed, as readers do. */
export const readCertificateId = (element: Element): CertificateId =>
  (element.tag & ~0x20) === primitiveTag(0) ? { keyId: octetsOf(element) } : readIssuerAndSerial(element);

export function readIssuerAndSerial(element: Element): IssuerAndSerial {
  const fields = fieldsOf(element, tags.sequence, "issuer and serial number");
  return {
    issuer: rawOf(fields.take(tags.sequence, "issuer")),
    serial: toHex(unsignedOf(fields.any("serial number"), "serial number")).toUpperCase(),
  };
}

export const identifies = (id: CertificateId, certificate: Certificate): boolean =>
  "keyId" in id
    ? certificate.subjectKeyId !== undefined && Buffer.compare(certificate.subjectKeyId, id.keyId) === 0
    : certificate.serial === id.serial && Buffer.compare(certificate.issuer, id.issuer) === 0;

/** By the issuer's own bytes: string types must stay as they are. */
export const issuerAndSerial = (certificate: Certificate): Bytes =>
  sequence(certificate.issuer, integer(Buffer.from(certificate.serial, "hex")));
