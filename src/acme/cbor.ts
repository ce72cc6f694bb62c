import type { Bytes } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";

/**
 * CBOR (RFC 8949) as far as attestation objects need it: maps with text keys, arrays, texts and byte strings, of
 * definite length. Everything else is refused, and so are large or deep values, repeated keys and lengths that are not in
 * their shortest form.
 */
export type CborValue = string | Bytes | readonly CborValue[] | ReadonlyMap<string, CborValue>;

export type CborRefusal = { reason: "malformed"; detail: string };

const maxBytes = 16 * 1024;
const maxDepth = 4;
const maxItems = 100;

class Unreadable extends Error {}

const unreadable = (detail: string): never => {
  throw new Unreadable(detail);
};

export function parseCbor(bytes: Bytes): Result<CborValue, CborRefusal> {
  if (bytes.length > maxBytes) return malformed(`${bytes.length} bytes, more than ${maxBytes}`);
  try {
    const cursor = { bytes, at: 0, items: 0 };
    const value = readItem(cursor, 0);
    return cursor.at === bytes.length
      ? ok(value)
      : malformed(`${bytes.length - cursor.at} bytes after the end`);
  } catch (error) {
    if (error instanceof Unreadable) return malformed(error.message);
    throw error;
  }
}

const malformed = (detail: string): { ok: false; refusal: CborRefusal } =>
  refuse({ reason: "malformed", detail });

type Cursor = { bytes: Bytes; at: number; items: number };

const majors = { bytes: 2, text: 3, array: 4, map: 5 } as const;

function readItem(cursor: Cursor, depth: number): CborValue {
  if (depth > maxDepth) unreadable(`nested deeper than ${maxDepth}`);
  if (++cursor.items > maxItems) unreadable(`more than ${maxItems} items`);
  const { major, argument } = readHead(cursor);
  switch (major) {
    case majors.bytes:
      return take(cursor, argument);
    case majors.text:
      return readText(cursor, argument);
    case majors.array:
      return readArray(cursor, argument, depth);
    case majors.map:
      return readMap(cursor, argument, depth);
    default:
      return unreadable(`an item of major type ${major}`);
  }
}

function readHead(cursor: Cursor): { major: number; argument: number } {
  const [first = 0] = take(cursor, 1);
  const [major, info] = [first >> 5, first & 0x1f];
  if (info < 24) return { major, argument: info };
  if (info > 26) unreadable("an indefinite, reserved or huge length");
  const octets = take(cursor, 2 ** (info - 24));
  const argument = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const least = info === 24 ? 24 : info === 25 ? 0x100 : 0x1_0000;
  return argument < least ? unreadable("a length that is not in its shortest form") : { major, argument };
}

function take(cursor: Cursor, length: number): Bytes {
  const end = cursor.at + length;
  if (end > cursor.bytes.length) unreadable(`cut off at byte ${cursor.bytes.length}`);
  const taken = cursor.bytes.slice(cursor.at, end);
  cursor.at = end;
  return taken;
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function readText(cursor: Cursor, length: number): string {
  const octets = take(cursor, length);
  try {
    return strictUtf8.decode(octets);
  } catch {
    return unreadable("a text that is not UTF-8");
  }
}

function readArray(cursor: Cursor, length: number, depth: number): CborValue[] {
  const items: CborValue[] = [];
  for (let left = length; left > 0; left--) items.push(readItem(cursor, depth + 1));
  return items;
}

function readMap(cursor: Cursor, length: number, depth: number): Map<string, CborValue> {
  const map = new Map<string, CborValue>();
  for (let left = length; left > 0; left--) {
    const key = readItem(cursor, depth + 1);
    if (typeof key !== "string") return unreadable("a key that is not a text");
    if (map.has(key)) unreadable(`the key ${JSON.stringify(key)} twice`);
    map.set(key, readItem(cursor, depth + 1));
  }
  return map;
}
