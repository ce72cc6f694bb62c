import { type Bytes, concat } from "../../base/bytes.ts";
import { Http2Failure } from "./failure.ts";
import { decodeHuffman } from "./huffman.ts";
import { type HeaderField, staticTable } from "./static-table.ts";

/**
 * Header compression, RFC 7541: a complete decoder, and the simplest correct encoder.
 *
 * Leaves to others: what the fields mean.
 *
 * The surprise: the encoder adds nothing to the server's table, and says so once by setting its size to 0. Then no later
 * SETTINGS_HEADER_TABLE_SIZE of the server's asks anything of us.
 */
export const tableSize = 4096;
const entryOverhead = 32;

/** How large a decoded header list may be, as SETTINGS_MAX_HEADER_LIST_SIZE counts (RFC 9113 section 6.5.2). */
export const maxHeaderListSize = 16_384;

export class HpackDecoder {
  /** Newest first. */
  #entries: HeaderField[] = [];
  #size = 0;
  #capacity = tableSize;

  decode(block: Uint8Array): HeaderField[] {
    const reader = new BlockReader(block);
    const fields: HeaderField[] = [];
    let listSize = 0;
    while (!reader.isAtEnd) {
      const first = reader.peek();
      if ((first & 0xe0) === 0x20) {
        if (fields.length > 0) throw compressionError("a table size update after the first field");
        this.#resize(reader.integer(5));
        continue;
      }
      const field = this.#field(reader, first);
      listSize += sizeOf(field);
      if (listSize > maxHeaderListSize) {
        throw new Http2Failure("ENHANCE_YOUR_CALM", `a header list of more than ${maxHeaderListSize} bytes`);
      }
      fields.push(field);
    }
    return fields;
  }

  #field(reader: BlockReader, first: number): HeaderField {
    if (first & 0x80) return this.#entry(reader.integer(7));
    const isAdded = (first & 0x40) !== 0;
    const nameIndex = reader.integer(isAdded ? 6 : 4);
    const name = nameIndex === 0 ? reader.string() : this.#entry(nameIndex)[0];
    const field: HeaderField = [name, reader.string()];
    if (isAdded) this.#add(field);
    return field;
  }

  #entry(index: number): HeaderField {
    const entry =
      index <= staticTable.length ? staticTable[index - 1] : this.#entries[index - staticTable.length - 1];
    if (entry === undefined) throw compressionError(`no entry ${index} in the header tables`);
    return entry;
  }

  #add(field: HeaderField): void {
    this.#entries.unshift(field);
    this.#size += sizeOf(field);
    this.#evict();
  }

  #resize(capacity: number): void {
    if (capacity > tableSize) {
      throw compressionError(`a table of ${capacity} bytes, ${tableSize} were offered`);
    }
    this.#capacity = capacity;
    this.#evict();
  }

  #evict(): void {
    while (this.#size > this.#capacity) {
      const oldest = this.#entries.pop();
      if (oldest === undefined) return;
      this.#size -= sizeOf(oldest);
    }
  }
}

class BlockReader {
  readonly #block: Uint8Array;
  #at = 0;

  constructor(block: Uint8Array) {
    this.#block = block;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#block.length;
  }

  peek(): number {
    const byte = this.#block[this.#at];
    if (byte === undefined) throw compressionError("a header block that ends inside a field");
    return byte;
  }

  /** RFC 7541 section 5.1. Four continuation bytes hold all that any limit of ours allows. */
  integer(prefixBits: number): number {
    const mask = (1 << prefixBits) - 1;
    let value = this.#byte() & mask;
    if (value < mask) return value;
    for (let shift = 0; shift <= 21; shift += 7) {
      const byte = this.#byte();
      value += (byte & 0x7f) << shift;
      if ((byte & 0x80) === 0) return value;
    }
    throw compressionError("an integer that is too long");
  }

  string(): string {
    const isHuffman = (this.peek() & 0x80) !== 0;
    const length = this.integer(7);
    const raw = this.#block.subarray(this.#at, this.#at + length);
    if (raw.length < length) throw compressionError("a string that is longer than its header block");
    this.#at += length;
    const bytes = isHuffman ? decodeHuffman(raw) : raw;
    if (bytes === undefined) throw compressionError("a string that is not Huffman code");
    return latin1(bytes);
  }

  #byte(): number {
    const byte = this.peek();
    this.#at++;
    return byte;
  }
}

/** Literals without indexing; names from the static table where it has them. */
export class HpackEncoder {
  #isFirstBlock = true;

  encode(fields: readonly HeaderField[]): Bytes {
    const parts: Bytes[] = [];
    if (this.#isFirstBlock) parts.push(Uint8Array.of(0x20));
    this.#isFirstBlock = false;
    for (const field of fields) parts.push(...literal(field));
    return concat(parts);
  }
}

const staticIndexes = new Map<string, number>();
for (const [index, [name, value]] of staticTable.entries()) {
  if (!staticIndexes.has(name)) staticIndexes.set(name, index + 1);
  if (value !== "") staticIndexes.set(`${name}\n${value}`, index + 1);
}

function literal([name, value]: HeaderField): Bytes[] {
  const whole = staticIndexes.get(`${name}\n${value}`);
  if (whole !== undefined) return [encodeInteger(0x80, 7, whole)];
  const index = staticIndexes.get(name);
  return index === undefined
    ? [Uint8Array.of(0), ...encodeString(name), ...encodeString(value)]
    : [encodeInteger(0, 4, index), ...encodeString(value)];
}

const encodeString = (text: string): Bytes[] => {
  const bytes = new Uint8Array(Buffer.from(text, "latin1"));
  return [encodeInteger(0, 7, bytes.length), bytes];
};

export function encodeInteger(firstByte: number, prefixBits: number, value: number): Bytes {
  const mask = (1 << prefixBits) - 1;
  if (value < mask) return Uint8Array.of(firstByte | value);
  const bytes = [firstByte | mask];
  let rest = value - mask;
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

const sizeOf = ([name, value]: HeaderField): number => name.length + value.length + entryOverhead;

/** Field values are octets (RFC 9110 section 5.5); one character each keeps lengths true. */
const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");

const compressionError = (detail: string): Http2Failure => new Http2Failure("COMPRESSION_ERROR", detail);
