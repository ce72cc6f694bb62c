import { type Bytes, sha256, toHex } from "../base/bytes.ts";
import { ok, type Result } from "../base/result.ts";
import type { Certificate } from "./certificate.ts";
import { fieldsOf, onlyChild, rawOf } from "./der/fields.ts";
import { type MalformedRefusal, malformed, reading } from "./der/malformed.ts";
import { parseDer } from "./der/parse.ts";
import { contextTag, tags } from "./der/tags.ts";
import { bitsOf, numberOf, timeOf, unsignedOf } from "./der/values.ts";
import {
  readAuthorityKeyId,
  readBasicConstraints,
  readExtendedKeyUsage,
  readExtensions,
  readKeyUsage,
  readSubjectKeyId,
} from "./extensions.ts";
import { algorithmOf } from "./keys.ts";
import { printableName } from "./names.ts";
import { oids } from "./oids.ts";

// X.509 certificates (RFC 5280 section 4.1), versions 1 and 3. No rule is applied here: chain.ts does that.
// Strict DER, and both algorithm fields equal: the hash of its bytes identifies a certificate, and an attacker who could
// wrap the same signed part in other bytes would slip from under a pin or a revocation.

const maxBytes = 64 * 1024;

/** The bytes are copied: a certificate outlives the message it came in. */
export const parseCertificate = (der: Uint8Array): Result<Certificate, MalformedRefusal> =>
  reading(() => ok(readCertificate(new Uint8Array(der))));

/** SHA-256 of the DER in lower-case hex: the name of a certificate everywhere in this program. */
export const fingerprint = async (der: Uint8Array): Promise<string> => toHex(await sha256(der));

/** Over bytes that are already the reader's own, and are not copied; throws Malformed. */
export function readCertificate(der: Bytes): Certificate {
  const whole = fieldsOf(parseDer(der, { maxBytes }), tags.sequence, "certificate");
  const tbsElement = whole.take(tags.sequence, "signed part");
  const outerAlgorithm = whole.take(tags.sequence, "signature algorithm");
  const signature = bitsOf(whole.any("signature"), "signature");
  if (whole.rest().length > 0) malformed("fields after the signature");

  const tbs = fieldsOf(tbsElement, tags.sequence, "signed part");
  const version = tbs.maybe(contextTag(0));
  const serial = tbs.take(tags.integer, "serial number");
  const innerAlgorithm = tbs.take(tags.sequence, "signature algorithm");
  if (Buffer.compare(rawOf(innerAlgorithm), rawOf(outerAlgorithm)) !== 0)
    malformed("two different signature algorithms");
  const issuer = tbs.take(tags.sequence, "issuer");
  const validity = fieldsOf(tbs.take(tags.sequence, "validity"), tags.sequence, "validity");
  const subject = tbs.take(tags.sequence, "subject");
  const spki = tbs.take(tags.sequence, "public key");
  const extensionList = tbs.rest().find((field) => field.tag === contextTag(3));
  const extensions = extensionList ? readExtensions(onlyChild(extensionList, "extensions")) : new Map();

  const { algorithm, parameters } = algorithmOf(outerAlgorithm);
  const read = <Value>(type: string, reader: (value: Bytes) => Value): Value | undefined => {
    const found = extensions.get(type);
    return found && reader(found.value);
  };
  const constraints = read(oids.basicConstraints, readBasicConstraints);
  return {
    der,
    tbs: rawOf(tbsElement),
    version: version ? numberOf(onlyChild(version, "version"), "version") + 1 : 1,
    signatureAlgorithm: algorithm,
    signatureParameters: parameters && rawOf(parameters),
    signature,
    serial: toHex(unsignedOf(serial, "serial number")).toUpperCase(),
    issuer: rawOf(issuer),
    subject: rawOf(subject),
    // Made when somebody looks: most requests nobody does.
    get subjectText() {
      return printableName(rawOf(subject));
    },
    notBefore: timeOf(validity.any("notBefore"), "notBefore"),
    notAfter: timeOf(validity.any("notAfter"), "notAfter"),
    spki: rawOf(spki),
    isCa: constraints?.isCa ?? false,
    pathLength: constraints?.pathLength,
    keyUsage: read(oids.keyUsage, readKeyUsage),
    extendedKeyUsage: read(oids.extKeyUsage, readExtendedKeyUsage),
    subjectKeyId: read(oids.subjectKeyIdentifier, readSubjectKeyId),
    authorityKeyId: read(oids.authorityKeyIdentifier, readAuthorityKeyId),
    extensions,
  };
}
