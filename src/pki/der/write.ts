import { type Bytes, concat, utf8 } from "../../base/bytes.ts";
import { contextTag, tags } from "./tags.ts";

// Writes DER.

export function tlv(tag: number, ...parts: readonly Uint8Array[]): Bytes {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const header = [tag];
  if (length < 0x80) header.push(length);
  else {
    const octets: number[] = [];
    for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
    header.push(0x80 | octets.length, ...octets);
  }
  return concat([Uint8Array.from(header), ...parts]);
}

export const sequence = (...parts: readonly Uint8Array[]): Bytes => tlv(tags.sequence, ...parts);
/** SET OF: the elements in the order of their encodings, as DER demands. */
export const setOf = (...parts: readonly Uint8Array[]): Bytes => tlv(tags.set, ...sorted(parts));
export const context = (number: number, ...parts: readonly Uint8Array[]): Bytes =>
  tlv(contextTag(number), ...parts);
export const octetString = (octets: Uint8Array): Bytes => tlv(tags.octetString, octets);
export const bitString = (octets: Uint8Array, unusedBits = 0): Bytes =>
  tlv(tags.bitString, Uint8Array.of(unusedBits), octets);
export const boolean = (value: boolean): Bytes => tlv(tags.boolean, Uint8Array.of(value ? 0xff : 0));
export const asn1Null: Bytes = Uint8Array.of(tags.null, 0);
export const utf8String = (text: string): Bytes => tlv(tags.utf8String, utf8(text));
export const printableString = (text: string): Bytes => tlv(tags.printableString, utf8(text));

/** What a PrintableString can hold (X.680 section 41.4). */
export const isPrintable = (text: string): boolean => /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text);

export const sorted = (parts: readonly Uint8Array[]): Uint8Array[] => [...parts].sort(Buffer.compare);

/** A non-negative INTEGER, of a number or of big-endian octets. */
export function integer(value: number | Uint8Array): Bytes {
  const octets = typeof value === "number" ? numberOctets(value) : value;
  let from = 0;
  while (from < octets.length - 1 && octets[from] === 0) from++;
  const minimal = octets.subarray(from);
  return (minimal[0] ?? 0) > 0x7f || minimal.length === 0
    ? tlv(tags.integer, Uint8Array.of(0), minimal)
    : tlv(tags.integer, minimal);
}

function numberOctets(value: number): Uint8Array {
  const octets: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return Uint8Array.from(octets);
}

const oidCache = new Map<string, Bytes>();

/** Only for identifiers from the program's own tables: what it has written once it keeps. */
export function oid(dotted: string): Bytes {
  const known = oidCache.get(dotted);
  if (known) return known;
  const [first = 0n, second = 0n, ...rest] = dotted.split(".").map(BigInt);
  const octets = [first * 40n + second, ...rest].flatMap((arc) => {
    const digits = [Number(arc & 0x7fn)];
    for (let left = arc >> 7n; left > 0n; left >>= 7n) digits.unshift(Number(left & 0x7fn) | 0x80);
    return digits;
  });
  const encoded = tlv(tags.oid, Uint8Array.from(octets));
  oidCache.set(dotted, encoded);
  return encoded;
}

/** UTCTime until 2049, GeneralizedTime from 2050 (RFC 5280 section 4.1.2.5); whole seconds. */
export function time(at: number): Bytes {
  const digits = new Date(at).toISOString().replace(/[-:T]/g, "").slice(0, 14);
  const year = Number(digits.slice(0, 4));
  return year >= 1950 && year < 2050
    ? tlv(tags.utcTime, utf8(`${digits.slice(2)}Z`))
    : tlv(tags.generalizedTime, utf8(`${digits}Z`));
}
