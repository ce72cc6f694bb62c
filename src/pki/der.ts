import { type Bytes, concat, utf8 } from "../base/bytes.ts";
import { type Result, refuse } from "../base/result.ts";

// Reads BER and DER (X.690), writes DER. Knows tags and lengths; what a structure means is for the files around it.
// One surprise: devices send indefinite lengths and strings cut in pieces, so an element keeps where its bytes
// stood in the input, and whatever is hashed or compared is taken from there, never encoded again.

/** One tag-length-value, as positions in the input. `tag` is the identifier octet, plus 256 times the number of a high tag. */
export type Element = {
  readonly source: Bytes;
  readonly tag: number;
  readonly start: number;
  readonly contentStart: number;
  readonly contentEnd: number;
  readonly end: number;
  readonly children: readonly Element[];
};

export type MalformedRefusal = { reason: "malformed"; detail: string };

/** Thrown by the readers below and turned into a refusal by `reading`; it leaves no exported face of this folder. */
export class Malformed extends Error {}

export function malformed(detail: string): never {
  throw new Malformed(detail);
}

/** Runs a reader; what it found malformed becomes a refusal, any other error stays a bug and is thrown on. */
export function reading<Value, Refusal = never>(
  read: () => Result<Value, Refusal>,
): Result<Value, Refusal | MalformedRefusal> {
  try {
    return read();
  } catch (error) {
    if (error instanceof Malformed) return refuse({ reason: "malformed", detail: error.message });
    throw error;
  }
}

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visibleString: 0x1a,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The tag `[number]`, for IMPLICIT primitive content. */
export const primitiveTag = (number: number): number => 0x80 | number;
/** The tag `[number]`, for EXPLICIT content and IMPLICIT constructed content. */
export const contextTag = (number: number): number => 0xa0 | number;

export type Limits = { maxBytes: number; maxDepth: number; maxElements: number };

const defaultLimits: Limits = { maxBytes: 2 * 1024 * 1024, maxDepth: 32, maxElements: 20_000 };

type Walk = { source: Bytes; strict: boolean; limits: Limits; count: number };

/** Reads the one element that the bytes are: indefinite lengths and constructed strings are welcome, trailing bytes are not. */
export const parseBer = (bytes: Uint8Array, limits: Partial<Limits> = {}): Element =>
  parseWhole(bytes, false, limits);

/** The same for what must be DER, so that one value has one spelling (a certificate is known by the hash of its bytes). */
export const parseDer = (bytes: Uint8Array, limits: Partial<Limits> = {}): Element =>
  parseWhole(bytes, true, limits);

function parseWhole(bytes: Uint8Array, strict: boolean, limits: Partial<Limits>): Element {
  const walk: Walk = { source: bytes as Bytes, strict, limits: { ...defaultLimits, ...limits }, count: 0 };
  if (bytes.length > walk.limits.maxBytes)
    malformed(`${bytes.length} bytes, more than ${walk.limits.maxBytes}`);
  const element = readElement(walk, 0, bytes.length, 0);
  if (element.end !== bytes.length) malformed(`${bytes.length - element.end} bytes after the end`);
  return element;
}

const none: readonly Element[] = [];

// The hottest loop of a device's request: no closures and no views in it, they cost more than the bytes they look at.
function readElement(walk: Walk, start: number, limit: number, depth: number): Element {
  const { source, strict, limits } = walk;
  if (depth > limits.maxDepth) malformed(`nested deeper than ${limits.maxDepth}`);
  if (++walk.count > limits.maxElements) malformed(`more than ${limits.maxElements} elements`);
  if (start + 2 > limit) malformed(`cut off at byte ${limit}`);
  let tag = source[start] as number;
  let at = start + 1;
  if ((tag & 0x1f) === 0x1f) {
    const number = readHighTag(source, at, limit);
    tag += 256 * number;
    at += number < 0x80 ? 1 : number < 0x4000 ? 2 : number < 0x20_0000 ? 3 : 4;
    if (at >= limit) malformed(`cut off at byte ${limit}`);
  }
  const first = source[at++] as number;
  if (first === 0x80) return readIndefinite(walk, tag, start, at, limit, depth);
  let length = first;
  if (first > 0x80) {
    length = readLongLength(source, at, first & 0x7f, limit, strict);
    at += first & 0x7f;
  }
  const contentEnd = at + length;
  if (contentEnd > limit) malformed(`length ${length} at byte ${start} runs past the end`);
  if ((tag & 0x20) === 0)
    return { source, tag, start, contentStart: at, contentEnd, end: contentEnd, children: none };

  if (strict && (tag & 0xdf) < 0x1f && tag !== tags.sequence && tag !== tags.set)
    malformed(`constructed string at byte ${start}`);
  const contentStart = at;
  const children: Element[] = [];
  while (at < contentEnd) {
    const child = readElement(walk, at, contentEnd, depth + 1);
    children.push(child);
    at = child.end;
  }
  return { source, tag, start, contentStart, contentEnd, end: contentEnd, children };
}

function readIndefinite(
  walk: Walk,
  tag: number,
  start: number,
  contentStart: number,
  limit: number,
  depth: number,
): Element {
  const { source } = walk;
  if (walk.strict || (tag & 0x20) === 0) malformed(`indefinite length at byte ${start}`);
  const children: Element[] = [];
  let at = contentStart;
  while (source[at] !== 0 || source[at + 1] !== 0 || at + 2 > limit) {
    const child = readElement(walk, at, limit, depth + 1);
    children.push(child);
    at = child.end;
  }
  return { source, tag, start, contentStart, contentEnd: at, end: at + 2, children };
}

function readHighTag(source: Bytes, start: number, limit: number): number {
  let number = 0;
  for (let at = start; at < start + 4 && at < limit; at++) {
    const octet = source[at] as number;
    number = number * 128 + (octet & 0x7f);
    // A leading zero would make two spellings of one tag.
    if (number === 0) break;
    if (octet < 0x80) return number;
  }
  return malformed("a tag number cut off, or over four octets");
}

function readLongLength(
  source: Bytes,
  start: number,
  octets: number,
  limit: number,
  strict: boolean,
): number {
  if (octets > 4) malformed(`a length of ${octets} octets`);
  if (start + octets > limit) malformed(`cut off at byte ${limit}`);
  let length = 0;
  for (let at = start; at < start + octets; at++) length = length * 256 + (source[at] as number);
  if (strict && (length < 0x80 || length < 256 ** (octets - 1))) malformed("a length longer than it need be");
  return length;
}

/** The whole element as it stood in the input, header included. */
export const rawOf = (element: Element): Bytes => element.source.subarray(element.start, element.end);

export const contentOf = (element: Element): Bytes =>
  element.source.subarray(element.contentStart, element.contentEnd);

/** Takes the children of an element one after the other, by the tags that the ASN.1 module names. */
export class Fields {
  readonly #children: readonly Element[];
  readonly #what: string;
  #at = 0;

  constructor(children: readonly Element[], what: string) {
    this.#children = children;
    this.#what = what;
  }

  any(what: string): Element {
    return this.#children[this.#at++] ?? malformed(`${this.#what} has no ${what}`);
  }

  take(tag: number, what: string): Element {
    return expectTag(this.any(what), tag, what);
  }

  maybe(tag: number): Element | undefined {
    return this.#children[this.#at]?.tag === tag ? this.#children[this.#at++] : undefined;
  }

  rest(): readonly Element[] {
    return this.#children.slice(this.#at);
  }
}

export const fieldsOf = (element: Element, tag: number, what: string): Fields =>
  new Fields(expectTag(element, tag, what).children, what);

export function expectTag(element: Element, tag: number, what: string): Element {
  if (element.tag !== tag)
    malformed(`${what} has tag 0x${element.tag.toString(16)}, not 0x${tag.toString(16)}`);
  return element;
}

/** The one element inside an explicit tag. */
export const onlyChild = (element: Element, what: string): Element =>
  element.children.length === 1
    ? (element.children[0] as Element)
    : malformed(`${what} holds ${element.children.length} elements, not one`);

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
export const ia5String = (text: string): Bytes => tlv(tags.ia5String, utf8(text));
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
