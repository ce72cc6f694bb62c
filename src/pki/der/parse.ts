import type { Bytes } from "../../base/bytes.ts";
import { malformed } from "./malformed.ts";
import { tags } from "./tags.ts";

// Reads BER and DER (X.690). Knows tags and lengths; what a structure means is for the files around it.
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
