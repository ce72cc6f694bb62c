import { type Bytes, concat } from "../../base/bytes.ts";
import { contentOf, expectTag } from "./fields.ts";
import { malformed } from "./malformed.ts";
import type { Element } from "./parse.ts";
import { tags } from "./tags.ts";

// What elements of the universal types say.

/** The octets of a string, its pieces joined when it came in pieces; implicit tags too. */
export function octetsOf(element: Element): Bytes {
  if ((element.tag & 0x20) === 0) return contentOf(element);
  return concat(
    element.children.map((piece) =>
      (piece.tag & ~0x20) === tags.octetString || piece.tag === (element.tag & ~0x20)
        ? octetsOf(piece)
        : malformed("a string made of other things"),
    ),
  );
}

/** An OCTET STRING, whole or in pieces. */
export function octetStringOf(element: Element, what: string): Bytes {
  if ((element.tag & ~0x20) !== tags.octetString) malformed(`${what} is not an octet string`);
  return octetsOf(element);
}

export function bitsOf(element: Element, what: string): Bytes {
  expectTag(element, tags.bitString, what);
  if (element.contentStart === element.contentEnd) malformed(`${what} is empty`);
  if (element.source[element.contentStart] !== 0) malformed(`${what} is not whole octets`);
  return element.source.subarray(element.contentStart + 1, element.contentEnd);
}

/** The octets of a non-negative INTEGER without leading zeros (one zero for zero). */
export function unsignedOf(element: Element, what: string): Bytes {
  const octets = contentOf(expectTag(element, tags.integer, what));
  if (octets.length === 0) malformed(`${what} is empty`);
  let from = 0;
  while (from < octets.length - 1 && octets[from] === 0) from++;
  return octets.subarray(from);
}

/** The octets of an INTEGER above zero that is spelled as DER spells it, without leading zeros. */
export function positiveOf(element: Element, what: string): Bytes {
  const octets = unsignedOf(element, what);
  const [first = 0] = octets;
  const spelled = first > 0x7f ? octets.length + 1 : octets.length;
  if (first === 0 || element.contentEnd - element.contentStart !== spelled)
    malformed(`${what} is not a positive number in its shortest form`);
  return octets;
}

/** A small non-negative INTEGER: versions, lengths. */
export function numberOf(element: Element, what: string): number {
  const octets = unsignedOf(element, what);
  if (octets.length > 4 || (element.source[element.contentStart] as number) > 0x7f)
    malformed(`${what} is out of range`);
  return octets.reduce((value, octet) => value * 256 + octet, 0);
}

export const booleanOf = (element: Element, what: string): boolean =>
  contentOf(expectTag(element, tags.boolean, what)).some((octet) => octet !== 0);

export function oidOf(element: Element, what: string): string {
  const { source, contentStart, contentEnd } = expectTag(element, tags.oid, what);
  const length = contentEnd - contentStart;
  if (length === 0 || length > 64 || (source[contentEnd - 1] as number) > 0x7f)
    malformed(`${what} is not an object identifier`);
  let text = "";
  let arc = 0;
  for (let at = contentStart; at < contentEnd; at++) {
    const octet = source[at] as number;
    arc = arc * 128 + (octet & 0x7f);
    if (arc > 2 ** 45) return longOid(contentOf(element));
    if (octet > 0x7f) continue;
    if (text !== "") text += `.${arc}`;
    else text = arc < 80 ? `${arc < 40 ? 0 : 1}.${arc % 40}` : `2.${arc - 80}`;
    arc = 0;
  }
  return text;
}

// Arcs of 2.25 are UUIDs.
function longOid(octets: Bytes): string {
  const arcs: bigint[] = [0n];
  for (const octet of octets) {
    arcs.push((arcs.pop() ?? 0n) * 128n + BigInt(octet & 0x7f));
    if (octet < 0x80) arcs.push(0n);
  }
  const [first = 0n, ...rest] = arcs.slice(0, -1);
  const top = first < 40n ? 0n : first < 80n ? 1n : 2n;
  return [top, first - top * 40n, ...rest].join(".");
}

const utf16 = new TextDecoder("utf-16be");
const lenientUtf8 = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true });

const latin1 = (octets: Uint8Array): string => Buffer.from(octets).toString("latin1");

const textTags: ReadonlySet<number> = new Set([
  tags.utf8String,
  tags.printableString,
  tags.ia5String,
  tags.numericString,
  tags.visibleString,
  tags.teletexString,
  tags.bmpString,
  tags.universalString,
]);

export const isText = (element: Element): boolean => textTags.has(element.tag & ~0x20);

/** The text of any string type that certificates and requests use. */
export function textOf(element: Element, what: string): string {
  if (!isText(element)) malformed(`${what} is not a string`);
  const octets = octetsOf(element);
  switch (element.tag & ~0x20) {
    case tags.teletexString:
      return latin1(octets);
    case tags.bmpString:
      return utf16.decode(octets);
    case tags.universalString:
      return utf32(octets);
    default:
      return lenientUtf8.decode(octets);
  }
}

function utf32(octets: Bytes): string {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  let text = "";
  for (let at = 0; at + 4 <= octets.length; at += 4) {
    const point = view.getUint32(at);
    text += point <= 0x10ffff ? String.fromCodePoint(point) : "\ufffd";
  }
  return text;
}

/** UTCTime or GeneralizedTime, in seconds and UTC as RFC 5280 section 4.1.2.5 wants them, as milliseconds. */
export function timeOf(element: Element, what: string): number {
  const { source, tag, contentStart, contentEnd } = element;
  const wide = tag === tags.generalizedTime;
  if (!wide && tag !== tags.utcTime) malformed(`${what} is not a time`);
  const at = contentEnd - 11;
  if (contentEnd - contentStart !== (wide ? 15 : 13) || source[contentEnd - 1] !== 0x5a)
    malformed(`${what} is not a time: ${latin1(contentOf(element).subarray(0, 20))}`);
  const short = twoDigits(source, at - 2);
  const year = wide ? twoDigits(source, at - 4) * 100 + short : short + (short < 50 ? 2000 : 1900);
  const day = twoDigits(source, at + 2);
  const date = Date.UTC(
    year,
    twoDigits(source, at) - 1,
    day,
    twoDigits(source, at + 4),
    twoDigits(source, at + 6),
    twoDigits(source, at + 8),
  );
  // What is no digit makes no date, and the 30th of February another one.
  if (new Date(date).getUTCDate() !== day) malformed(`${what} is not a time: ${latin1(contentOf(element))}`);
  return date;
}

function twoDigits(source: Bytes, at: number): number {
  const tens = (source[at] as number) - 0x30;
  const ones = (source[at + 1] as number) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}
