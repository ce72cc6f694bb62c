import type { Result } from "../base/result.ts";
import { defaultLimits, type PlistLimits } from "./limits.ts";
import { attempt, clip, type PlistFault, type PlistRefusal, Stop } from "./refusal.ts";
import { type PlistDict, PlistReal, type PlistScalar, type PlistValue } from "./value.ts";

/**
 * Binary property lists, version 00 (CoreFoundation's CFBinaryPList.c): header, objects, offset table, trailer.
 *
 * Null, sets, fill bytes and UIDs have no counterpart in an XML property list and are refused by name.
 *
 * The surprise: objects point at each other by number, so a small file can hold a cycle or unfold without end. A cycle is
 * refused where it closes; what is shared counts against the limits each time it is used.
 */
export function readBinary(
  bytes: Uint8Array,
  limits: PlistLimits = defaultLimits,
): Result<PlistValue, PlistRefusal> {
  return attempt(() => new BinaryReader(bytes, limits).document());
}

const headerLength = 8;
const trailerLength = 32;
/** 2001-01-01T00:00:00Z, where Apple's clocks start. */
const appleEpochMs = Date.UTC(2001, 0, 1);
const firstDate = Date.parse("0000-01-01T00:00:00Z");
const lastDate = Date.parse("9999-12-31T23:59:59.999Z");
const utf16 = new TextDecoder("utf-16be", { fatal: true, ignoreBOM: true });

class BinaryReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #limits: PlistLimits;
  readonly #open = new Set<number>();
  readonly #scalars = new Map<number, { value: PlistScalar; size: number }>();
  #nodes = 0;
  #expanded = 0;
  #offsetSize = 0;
  #referenceSize = 0;
  #objects = 0;
  #table = 0;

  constructor(bytes: Uint8Array, limits: PlistLimits) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#limits = limits;
  }

  document(): PlistValue {
    const version = String.fromCharCode(...this.#bytes.subarray(6, headerLength));
    if (version !== "00") this.#stop({ reason: "unsupported-version", found: version }, 6);
    if (this.#bytes.length < headerLength + trailerLength + 2) {
      this.#stop({ reason: "truncated", expected: "a trailer of 32 bytes" }, this.#bytes.length);
    }
    const trailer = this.#bytes.length - trailerLength;
    this.#offsetSize = this.#bytes[trailer + 6] ?? 0;
    this.#referenceSize = this.#bytes[trailer + 7] ?? 0;
    this.#objects = this.#unsigned(trailer + 8, 8);
    const top = this.#unsigned(trailer + 16, 8);
    this.#table = this.#unsigned(trailer + 24, 8);
    const badTrailer = (expected: string, at: number): never =>
      this.#stop({ reason: "bad-trailer", expected }, trailer + at);
    if (this.#offsetSize < 1 || this.#offsetSize > 8) badTrailer("offsets of 1 to 8 bytes", 6);
    if (this.#referenceSize < 1 || this.#referenceSize > 8) badTrailer("references of 1 to 8 bytes", 7);
    if (this.#objects < 1) badTrailer("at least one object", 8);
    if (top >= this.#objects) badTrailer("a top object that exists", 16);
    if (this.#table <= headerLength || this.#table + this.#objects * this.#offsetSize > trailer) {
      badTrailer("an offset table within the file", 24);
    }
    return this.#object(top, 0, trailer + 16);
  }

  #object(index: number, depth: number, from: number): PlistValue {
    if (++this.#nodes > this.#limits.nodes) {
      this.#stop({ reason: "too-many-nodes", limit: this.#limits.nodes }, from);
    }
    if (index >= this.#objects) this.#stop({ reason: "unknown-object", object: index }, from);
    const known = this.#scalars.get(index);
    if (known) return this.#count(known, from).value;
    if (this.#open.has(index)) this.#stop({ reason: "circular-reference", object: index }, from);

    const slot = this.#table + index * this.#offsetSize;
    const at = this.#unsigned(slot, this.#offsetSize);
    if (at < headerLength || at >= this.#table) this.#outOfBounds(index, slot);
    const kind = (this.#bytes[at] ?? 0) >> 4;
    if (kind !== 0xa && kind !== 0xd) {
      const scalar = this.#scalar(index, at);
      this.#scalars.set(index, scalar);
      return this.#count(scalar, from).value;
    }
    if (depth >= this.#limits.depth) this.#stop({ reason: "too-deep", limit: this.#limits.depth }, at);
    this.#open.add(index);
    const value = kind === 0xa ? this.#array(index, at, depth + 1) : this.#dict(index, at, depth + 1);
    this.#open.delete(index);
    return value;
  }

  /** A short file may name a long string many times; what it unfolds to is held to the size limit as well. */
  #count<Scalar extends { size: number }>(scalar: Scalar, from: number): Scalar {
    this.#expanded += scalar.size;
    if (this.#expanded > this.#limits.bytes) {
      this.#stop({ reason: "expands-beyond-limit", limit: this.#limits.bytes }, from);
    }
    return scalar;
  }

  #array(index: number, at: number, depth: number): PlistValue[] {
    const { start, length } = this.#extent(index, at, this.#referenceSize);
    const array: PlistValue[] = [];
    for (let item = 0; item < length; item++) {
      const from = start + item * this.#referenceSize;
      array.push(this.#object(this.#unsigned(from, this.#referenceSize), depth, from));
    }
    return array;
  }

  #dict(index: number, at: number, depth: number): PlistDict {
    const { start, length } = this.#extent(index, at, 2 * this.#referenceSize);
    const dict: PlistDict = new Map();
    for (let entry = 0; entry < length; entry++) {
      const keyFrom = start + entry * this.#referenceSize;
      const valueFrom = keyFrom + length * this.#referenceSize;
      const keyIndex = this.#unsigned(keyFrom, this.#referenceSize);
      const key = this.#object(keyIndex, depth, keyFrom);
      if (typeof key !== "string")
        return this.#stop({ reason: "key-not-a-string", object: keyIndex }, keyFrom);
      if (dict.has(key)) this.#stop({ reason: "duplicate-key", key: clip(key) }, keyFrom);
      dict.set(key, this.#object(this.#unsigned(valueFrom, this.#referenceSize), depth, valueFrom));
    }
    return dict;
  }

  #scalar(index: number, at: number): { value: PlistScalar; size: number } {
    const marker = this.#bytes[at] ?? 0;
    const low = marker & 0x0f;
    switch (marker >> 4) {
      case 0x0:
        if (low === 8 || low === 9) return { value: low === 9, size: 0 };
        break;
      case 0x1:
        if (low <= 4) return { value: this.#integer(index, at, 1 << low), size: 0 };
        break;
      case 0x2:
        if (low === 2 || low === 3) return { value: this.#real(index, at, 1 << low), size: 0 };
        break;
      case 0x3:
        if (low === 3) return { value: this.#date(index, at), size: 0 };
        break;
      case 0x4: {
        const { start, length } = this.#extent(index, at, 1);
        return { value: this.#bytes.slice(start, start + length), size: length };
      }
      case 0x5: {
        const { start, length } = this.#extent(index, at, 1);
        return { value: this.#ascii(start, length), size: length };
      }
      case 0x6: {
        const { start, length } = this.#extent(index, at, 2);
        return { value: this.#utf16(start, 2 * length), size: 2 * length };
      }
      case 0x8:
        this.#stop({ reason: "uid" }, at);
    }
    return this.#stop({ reason: "unsupported-type", marker }, at);
  }

  #integer(index: number, at: number, size: number): number | bigint {
    this.#within(index, at + 1, size);
    // One to four bytes are unsigned, eight are signed; sixteen hold what is beyond the signed eight.
    if (size < 8) return this.#unsigned(at + 1, size);
    const high = size === 16 ? this.#view.getBigInt64(at + 1) : 0n;
    const unsigned = this.#view.getBigUint64(at + 1 + size - 8);
    const signed = BigInt.asIntN(64, unsigned);
    const inRange = size === 8 || high === 0n || (high === -1n && signed < 0n);
    if (!inRange) this.#stop({ reason: "integer-out-of-range" }, at);
    const exact = size === 16 && high === 0n ? unsigned : signed;
    const near = Number(exact);
    return Number.isSafeInteger(near) ? near : exact;
  }

  #real(index: number, at: number, size: number): PlistReal {
    this.#within(index, at + 1, size);
    return new PlistReal(size === 4 ? this.#view.getFloat32(at + 1) : this.#view.getFloat64(at + 1));
  }

  #date(index: number, at: number): Date {
    this.#within(index, at + 1, 8);
    const time = appleEpochMs + Math.round(this.#view.getFloat64(at + 1) * 1000);
    if (!(time >= firstDate && time <= lastDate)) {
      this.#stop({ reason: "bad-date", expected: "a date in the years 0000 to 9999" }, at);
    }
    return new Date(time);
  }

  #ascii(start: number, length: number): string {
    const text = Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + start, length).toString("latin1");
    const odd = text.search(/[\0\x80-\xff]/);
    if (odd >= 0) {
      const reason = text[odd] === "\0" ? "nul-character" : "bad-string";
      this.#stop({ reason }, start + odd);
    }
    return text;
  }

  #utf16(start: number, length: number): string {
    const text = this.#decodeUtf16(start, length);
    const nul = text.indexOf("\0");
    if (nul >= 0) this.#stop({ reason: "nul-character" }, start + 2 * nul);
    return text;
  }

  #decodeUtf16(start: number, length: number): string {
    try {
      return utf16.decode(this.#bytes.subarray(start, start + length));
    } catch {
      return this.#stop({ reason: "bad-string" }, start);
    }
  }

  /** Where an object's contents lie: `length` items of `itemSize` bytes. The length follows the marker when it is 15 or more. */
  #extent(index: number, at: number, itemSize: number): { start: number; length: number } {
    const low = (this.#bytes[at] ?? 0) & 0x0f;
    if (low !== 0x0f) return this.#checked(index, at + 1, low, itemSize);
    this.#within(index, at + 1, 1);
    const marker = this.#bytes[at + 1] ?? 0;
    const size = 1 << (marker & 0x0f);
    if (marker >> 4 !== 1 || size > 8) this.#stop({ reason: "unsupported-type", marker }, at + 1);
    this.#within(index, at + 2, size);
    return this.#checked(index, at + 2 + size, this.#unsigned(at + 2, size), itemSize);
  }

  #checked(
    index: number,
    start: number,
    length: number,
    itemSize: number,
  ): { start: number; length: number } {
    this.#within(index, start, length * itemSize);
    return { start, length };
  }

  #within(index: number, start: number, size: number): void {
    if (start + size > this.#table) this.#outOfBounds(index, start);
  }

  /** Big-endian. Beyond 2^53 it is not exact, but nothing in a file lies there: every check refuses it. */
  #unsigned(at: number, size: number): number {
    let value = 0;
    for (let byte = 0; byte < size; byte++) value = value * 256 + (this.#bytes[at + byte] ?? 0);
    return value;
  }

  #outOfBounds(object: number, at: number): never {
    return this.#stop({ reason: "offset-out-of-bounds", object }, at);
  }

  #stop(fault: PlistFault, at: number): never {
    throw new Stop(fault, at);
  }
}
