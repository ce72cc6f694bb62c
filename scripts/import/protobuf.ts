// Messages of Protocol Buffers, by the numbers of their fields: as much of it as MicroMDM's have
// (https://protobuf.dev/programming-guides/encoding/). Of a field that comes twice the last one counts.
import { Trouble } from "../trouble.ts";

export type Message = {
  text(field: number): string;
  bytes(field: number): Buffer;
  flag(field: number): boolean;
};

const varint = 0;
const fixed64 = 1;
const lengthDelimited = 2;
const fixed32 = 5;

export function readMessage(bytes: Buffer): Message {
  const fields = new Map<number, Buffer | bigint>();
  for (let at = 0; at < bytes.length; ) {
    const [tag, afterTag] = varintAt(bytes, at);
    const [value, next] = valueAt(bytes, afterTag, Number(tag & 7n));
    fields.set(Number(tag >> 3n), value);
    at = next;
  }
  const bytesOf = (field: number): Buffer => {
    const value = fields.get(field);
    return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
  };
  return {
    text: (field) => bytesOf(field).toString(),
    bytes: bytesOf,
    flag: (field) => fields.get(field) === 1n,
  };
}

function valueAt(bytes: Buffer, at: number, type: number): [value: Buffer | bigint, next: number] {
  if (type === varint) return varintAt(bytes, at);
  const [length, from] =
    type === lengthDelimited
      ? varintAt(bytes, at)
      : [type === fixed64 ? 8n : type === fixed32 ? 4n : undefined, at];
  if (length === undefined) throw unreadable();
  const end = from + Number(length);
  if (end > bytes.length) throw unreadable();
  return [bytes.subarray(from, end), end];
}

function varintAt(bytes: Buffer, from: number): [value: bigint, next: number] {
  let value = 0n;
  for (let at = from, shift = 0n; shift < 70n; at++, shift += 7n) {
    const byte = bytes[at];
    if (byte === undefined) break;
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return [value, at + 1];
  }
  throw unreadable();
}

const unreadable = (): Trouble => new Trouble("an entry of the database is no message that MicroMDM writes");
