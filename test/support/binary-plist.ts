import { type Bytes, concat, utf8 } from "../../src/base/bytes.ts";
import { PlistReal, type PlistValue } from "../../src/plist/value.ts";

/** A small writer of binary property lists, for tests. Nothing is shared; references and offsets have two or four bytes. */
export function writeBinary(value: PlistValue): Bytes {
  const objects: Uint8Array[] = [];
  add(objects, value);
  return assemble(objects);
}

/** Puts objects together as they are: the first is the top. For files that no writer would make. */
export function assemble(objects: readonly Uint8Array[], trailer: Partial<Trailer> = {}): Bytes {
  const header = utf8("bplist00");
  let at = header.length;
  const offsets = objects.map((object) => {
    const offset = number(at, 4);
    at += object.length;
    return offset;
  });
  const { offsetSize, referenceSize, count, top, table } = {
    offsetSize: 4,
    referenceSize: 2,
    count: objects.length,
    top: 0,
    table: at,
    ...trailer,
  };
  return concat([
    header,
    ...objects,
    ...offsets,
    Uint8Array.of(0, 0, 0, 0, 0, 0, offsetSize, referenceSize),
    number(count, 8),
    number(top, 8),
    number(table, 8),
  ]);
}

type Trailer = { offsetSize: number; referenceSize: number; count: number; top: number; table: number };

export const reference = (index: number): Uint8Array => number(index, 2);

export function marker(kind: number, length: number): Uint8Array {
  if (length < 15) return Uint8Array.of((kind << 4) | length);
  return concat([Uint8Array.of((kind << 4) | 15, 0x12), number(length, 4)]);
}

function add(objects: Uint8Array[], value: PlistValue): number {
  const index = objects.length;
  objects.push(new Uint8Array());
  const children = (values: Iterable<PlistValue>): Uint8Array[] =>
    Array.from(values, (child) => reference(add(objects, child)));
  if (Array.isArray(value)) objects[index] = concat([marker(0xa, value.length), ...children(value)]);
  else if (value instanceof Map) {
    objects[index] = concat([
      marker(0xd, value.size),
      ...children(value.keys()),
      ...children(value.values()),
    ]);
  } else objects[index] = scalar(value);
  return index;
}

function scalar(value: Exclude<PlistValue, PlistValue[] | Map<string, PlistValue>>): Uint8Array {
  if (typeof value === "boolean") return Uint8Array.of(value ? 9 : 8);
  if (typeof value === "string") return text(value);
  if (value instanceof Uint8Array) return concat([marker(4, value.length), value]);
  if (value instanceof PlistReal) return concat([Uint8Array.of(0x23), float(value.value)]);
  if (value instanceof Date) {
    return concat([Uint8Array.of(0x33), float((value.getTime() - Date.UTC(2001, 0, 1)) / 1000)]);
  }
  const exact = BigInt(value);
  if (exact >= 2n ** 63n) return concat([Uint8Array.of(0x14), number(0, 8), integer(exact)]);
  return exact >= 0n && exact < 256n
    ? Uint8Array.of(0x10, Number(exact))
    : concat([Uint8Array.of(0x13), integer(exact)]);
}

function text(value: string): Uint8Array {
  const units = Array.from({ length: value.length }, (_, at) => value.charCodeAt(at));
  return units.every((unit) => unit < 128)
    ? concat([marker(5, units.length), Uint8Array.from(units)])
    : concat([marker(6, units.length), ...units.map((unit) => number(unit, 2))]);
}

function float(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return bytes;
}

function integer(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, value));
  return bytes;
}

export function number(value: number, size: number): Uint8Array {
  return integer(BigInt(value)).slice(8 - size);
}
