import type { Bytes } from "../../base/bytes.ts";
import { ok, type Result, refuse } from "../../base/result.ts";
import type { Certificate, Credential } from "../certificate.ts";
import { fieldsOf, onlyChild, rawOf } from "../der/fields.ts";
import { type MalformedRefusal, malformed, readingLater } from "../der/malformed.ts";
import { type Element, parseBer } from "../der/parse.ts";
import { contextTag, tags } from "../der/tags.ts";
import { octetStringOf, octetsOf, oidOf } from "../der/values.ts";
import { type KeyRefusal, privateKeyShape } from "../keys.ts";
import { oids } from "../oids.ts";
import { parseCertificate } from "../parse-certificate.ts";
import { keyMatches } from "../signature.ts";
import { checkMac, decryptWithPassword, type PasswordRefusal } from "./passwords.ts";
import { decryptPkcs8, type PrivateKeyRefusal } from "./private-key.ts";

// PKCS#12 files (RFC 7292) under a password: what keychains and openssl export as .p12 or .pfx. Reads one private key
// and the certificates around it. Files secured by public keys instead of a password are for others.

export type Pkcs12Refusal =
  | MalformedRefusal
  | PasswordRefusal
  | KeyRefusal
  | PrivateKeyRefusal
  | { reason: "wrong-content-type"; found: string }
  | { reason: "key-count"; count: number }
  | { reason: "no-certificate-for-key"; certificates: number };

export type Pkcs12 = { credential: Credential; otherCertificates: Certificate[] };

const bagTypes = {
  key: "1.2.840.113549.1.12.10.1.1",
  shroudedKey: "1.2.840.113549.1.12.10.1.2",
  certificate: "1.2.840.113549.1.12.10.1.3",
  safeContents: "1.2.840.113549.1.12.10.1.6",
} as const;
const x509Certificate = "1.2.840.113549.1.9.22.1";
const encryptedData = "1.2.840.113549.1.7.6";

const maxBytes = 256 * 1024;
/** Other programs write two: certificates and the key. */
const mostParts = 16;

type Bags = { keys: Bytes[]; certificates: Certificate[] };

export async function readPkcs12(file: Uint8Array, password: string): Promise<Result<Pkcs12, Pkcs12Refusal>> {
  const opened = await readingLater<Bags, Pkcs12Refusal>(() => openFile(new Uint8Array(file), password));
  if (!opened.ok) return opened;
  const { keys, certificates } = opened.value;
  const [pkcs8, ...others] = keys;
  if (!pkcs8 || others.length > 0) return refuse({ reason: "key-count", count: keys.length });
  const shape = privateKeyShape(pkcs8);
  if (!shape.ok) return shape;
  for (const certificate of certificates)
    if (await keyMatches(pkcs8, certificate.spki))
      return ok({
        credential: { certificate, pkcs8 },
        otherCertificates: certificates.filter((other) => other !== certificate),
      });
  return refuse({ reason: "no-certificate-for-key", certificates: certificates.length });
}

async function openFile(file: Bytes, password: string): Promise<Result<Bags, Pkcs12Refusal>> {
  const pfx = fieldsOf(parseBer(file, { maxBytes }), tags.sequence, "PKCS#12 file");
  pfx.take(tags.integer, "version");
  const { type, content } = readContentInfo(pfx.take(tags.sequence, "content"));
  if (type !== oids.data) return refuse({ reason: "wrong-content-type", found: type });
  const authenticated = octetStringOf(content, "content");
  const macData = pfx.maybe(tags.sequence);
  if (macData) {
    const mac = await checkMac(macData, authenticated, password);
    if (!mac.ok) return mac;
  }
  const bags: Bags = { keys: [], certificates: [] };
  const safe = fieldsOf(parseBer(authenticated), tags.sequence, "safe").rest();
  // Each costs as many iterations as its author likes.
  if (safe.length > mostParts) malformed(`a safe of ${safe.length} parts`);
  for (const part of safe) {
    const contents = await openPart(part, password);
    if (!contents.ok) return contents;
    const read = await readBags(parseBer(contents.value), password, bags);
    if (!read.ok) return read;
  }
  return ok(bags);
}

function readContentInfo(element: Element): { type: string; content: Element } {
  const fields = fieldsOf(element, tags.sequence, "content");
  const type = oidOf(fields.any("content type"), "content type");
  return { type, content: onlyChild(fields.take(contextTag(0), "content"), "content") };
}

/** A part of the safe lies open, or is encrypted under the password. */
async function openPart(element: Element, password: string): Promise<Result<Bytes, Pkcs12Refusal>> {
  const { type, content } = readContentInfo(element);
  if (type === oids.data) return ok(octetStringOf(content, "content"));
  if (type !== encryptedData) return refuse({ reason: "wrong-content-type", found: type });
  const fields = fieldsOf(content, tags.sequence, "encrypted data");
  fields.take(tags.integer, "version");
  const encrypted = fieldsOf(
    fields.take(tags.sequence, "encrypted content"),
    tags.sequence,
    "encrypted content",
  );
  encrypted.any("content type");
  const algorithm = encrypted.take(tags.sequence, "encryption");
  return decryptWithPassword(algorithm, octetsOf(encrypted.any("encrypted content")), password);
}

async function readBags(
  list: Element,
  password: string,
  bags: Bags,
): Promise<Result<undefined, Pkcs12Refusal>> {
  for (const bag of fieldsOf(list, tags.sequence, "safe contents").rest()) {
    const fields = fieldsOf(bag, tags.sequence, "bag");
    const type = oidOf(fields.any("bag type"), "bag type");
    const value = onlyChild(fields.take(contextTag(0), "bag value"), "bag value");
    if (type === bagTypes.key) bags.keys.push(rawOf(value));
    if (type === bagTypes.shroudedKey) {
      if (bags.keys.length > 0) return refuse({ reason: "key-count", count: bags.keys.length + 1 });
      const key = await decryptPkcs8(rawOf(value), password);
      if (!key.ok) return key;
      bags.keys.push(key.value);
    }
    if (type === bagTypes.certificate) {
      const certificate = readCertificateBag(value);
      if (!certificate.ok) return certificate;
      bags.certificates.push(...certificate.value);
    }
    if (type === bagTypes.safeContents) {
      const nested = await readBags(value, password, bags);
      if (!nested.ok) return nested;
    }
  }
  return ok(undefined);
}

function readCertificateBag(value: Element): Result<Certificate[], MalformedRefusal> {
  const fields = fieldsOf(value, tags.sequence, "certificate bag");
  if (oidOf(fields.any("certificate type"), "certificate type") !== x509Certificate) return ok([]);
  const octets = onlyChild(fields.take(contextTag(0), "certificate"), "certificate");
  const certificate = parseCertificate(octetStringOf(octets, "certificate"));
  return certificate.ok ? ok([certificate.value]) : certificate;
}
