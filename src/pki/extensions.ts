import type { Bytes } from "../base/bytes.ts";
import { type Extension, type KeyUsage, keyUsages } from "./certificate.ts";
import { contentOf, expectTag, fieldsOf } from "./der/fields.ts";
import { malformed } from "./der/malformed.ts";
import { type Element, parseDer } from "./der/parse.ts";
import { primitiveTag, tags } from "./der/tags.ts";
import { booleanOf, numberOf, octetsOf, oidOf } from "./der/values.ts";
import { bitString, boolean, octetString, oid, sequence, tlv } from "./der/write.ts";
import { oids } from "./oids.ts";

// The extensions of certificates and of requests (RFC 5280 section 4.2): read and written side by side.
// Alternative names have a file of their own. Readers throw Malformed.

export type Extensions = ReadonlyMap<string, Extension>;

/** Extensions ::= SEQUENCE OF Extension; one that is there twice is refused, for readers differ in which one they believe. */
export function readExtensions(list: Element): Extensions {
  const extensions = new Map<string, Extension>();
  for (const item of expectTag(list, tags.sequence, "extensions").children) {
    const fields = fieldsOf(item, tags.sequence, "extension");
    const type = oidOf(fields.any("extension type"), "extension type");
    const critical = fields.maybe(tags.boolean);
    if (extensions.has(type)) malformed(`extension ${type} twice`);
    extensions.set(type, {
      critical: critical !== undefined && booleanOf(critical, "critical flag"),
      value: octetsOf(fields.take(tags.octetString, `value of extension ${type}`)),
    });
  }
  return extensions;
}

export function extension(type: string, value: Uint8Array, critical = false): Bytes {
  return sequence(oid(type), ...(critical ? [boolean(true)] : []), octetString(value));
}

export function readBasicConstraints(value: Bytes): { isCa: boolean; pathLength: number | undefined } {
  const fields = fieldsOf(parseDer(value), tags.sequence, "basic constraints");
  const ca = fields.maybe(tags.boolean);
  const length = fields.maybe(tags.integer);
  return {
    isCa: ca !== undefined && booleanOf(ca, "CA flag"),
    pathLength: length && numberOf(length, "path length"),
  };
}

export function readKeyUsage(value: Bytes): ReadonlySet<KeyUsage> {
  const bits = contentOf(expectTag(parseDer(value), tags.bitString, "key usage"));
  const usages = keyUsages.filter((_, index) => {
    const octet = bits[1 + (index >> 3)] ?? 0;
    return (octet & (0x80 >> (index & 7))) !== 0;
  });
  return new Set(usages);
}

/** Named bits: DER drops trailing zero bits (X.690 section 11.2.2). */
export function keyUsageExtension(usages: readonly KeyUsage[]): Bytes {
  const octets = [0, 0];
  for (const usage of usages) {
    const index = keyUsages.indexOf(usage);
    octets[index >> 3] = (octets[index >> 3] ?? 0) | (0x80 >> (index & 7));
  }
  const [first = 0, second = 0] = octets;
  const used = second ? [first, second] : [first];
  const last = used.at(-1) ?? 0;
  const unused = last ? 31 - Math.clz32(last & -last) : 0;
  return extension(oids.keyUsage, bitString(Uint8Array.from(used), unused), true);
}

export const readExtendedKeyUsage = (value: Bytes): readonly string[] =>
  expectTag(parseDer(value), tags.sequence, "extended key usage").children.map((purpose) =>
    oidOf(purpose, "extended key usage"),
  );

export const extendedKeyUsageExtension = (purposes: readonly string[]): Bytes =>
  extension(oids.extKeyUsage, sequence(...purposes.map(oid)));

export const readSubjectKeyId = (value: Bytes): Bytes =>
  contentOf(expectTag(parseDer(value), tags.octetString, "subject key identifier"));

/** undefined when it names the issuer by name and serial only. */
export function readAuthorityKeyId(value: Bytes): Bytes | undefined {
  const key = fieldsOf(parseDer(value), tags.sequence, "authority key identifier").maybe(primitiveTag(0));
  return key && contentOf(key);
}

export const subjectKeyIdExtension = (keyId: Uint8Array): Bytes =>
  extension(oids.subjectKeyIdentifier, octetString(keyId));

/** Never critical: a Windows client stumbles over it. */
export const authorityKeyIdExtension = (keyId: Uint8Array): Bytes =>
  extension(oids.authorityKeyIdentifier, sequence(tlv(primitiveTag(0), keyId)));
