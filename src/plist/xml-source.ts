import { ok, type Result, refuse } from "../base/result.ts";
import type { PlistRefusal, XmlEncoding } from "./refusal.ts";
import { skipSpace } from "./xml-text.ts";

/** The text of an XML property list, and the way back from its characters to the bytes. */
export type XmlSource = {
  text: string;
  encoding: XmlEncoding;
  toBytes: (at: number) => number;
};

const decoders = {
  "utf-8": new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }),
  "utf-16le": new TextDecoder("utf-16le", { fatal: true, ignoreBOM: true }),
  "utf-16be": new TextDecoder("utf-16be", { fatal: true, ignoreBOM: true }),
} satisfies Record<XmlEncoding, unknown>;

/** UTF-8 with or without a byte order mark, or UTF-16 with one. The mark is no part of the text. */
export function decodeXml(bytes: Uint8Array): Result<XmlSource, PlistRefusal> {
  const encoding = encodingOf(bytes);
  const mark = encoding !== "utf-8" ? 2 : hasUtf8Mark(bytes) ? 3 : 0;
  const text = decode(bytes.subarray(mark), encoding);
  if (text === undefined)
    return refuse({ reason: "bad-encoding", encoding, offset: firstBadByte(bytes, encoding) });

  const toBytes = (at: number): number =>
    mark + (encoding === "utf-8" ? Buffer.byteLength(text.slice(0, at)) : at * 2);
  const nul = text.indexOf("\0");
  if (nul >= 0) return refuse({ reason: "nul-character", offset: toBytes(nul) });
  const first = skipSpace(text, 0);
  if (first === text.length) return refuse({ reason: "empty" });
  if (text[first] !== "<") return refuse({ reason: "not-a-property-list" });
  return ok({ text, encoding, toBytes });
}

export const hasUtf8Mark = (bytes: Uint8Array): boolean =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;

function encodingOf(bytes: Uint8Array): XmlEncoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return "utf-8";
}

/** Undefined where the bytes are not of that encoding. A byte order mark is a character here. */
export function decode(bytes: Uint8Array, encoding: XmlEncoding): string | undefined {
  try {
    return decoders[encoding].decode(bytes);
  } catch {
    return undefined;
  }
}

function firstBadByte(bytes: Uint8Array, encoding: XmlEncoding): number {
  return encoding === "utf-8" ? firstNonUtf8(bytes) : firstLoneSurrogate(bytes, encoding === "utf-16le");
}

/** RFC 3629, section 4. */
function firstNonUtf8(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const length = utf8Length(bytes, at);
    if (length === 0) return at;
    at += length;
  }
  return at;
}

function utf8Length(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const second = bytes[at + 1] ?? 0;
  // The second byte keeps out spellings that are too long, surrogates, and what lies beyond U+10FFFF.
  const lowest = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const highest = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < lowest || second > highest) return 0;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  for (let next = 2; next < length; next++) {
    if (((bytes[at + next] ?? 0) & 0xc0) !== 0x80) return 0;
  }
  return length;
}

function firstLoneSurrogate(bytes: Uint8Array, littleEndian: boolean): number {
  const units = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 2;
  while (at + 1 < bytes.length) {
    const unit = units.getUint16(at, littleEndian) & 0xfc00;
    if (unit === 0xdc00) return at;
    if (unit === 0xd800) {
      if (at + 3 >= bytes.length || (units.getUint16(at + 2, littleEndian) & 0xfc00) !== 0xdc00) return at;
      at += 2;
    }
    at += 2;
  }
  return at;
}
