import { readPlist } from "../../../src/plist/read.ts";
import type { PlistDict, PlistInput, PlistValue } from "../../../src/plist/value.ts";
import { writePlist } from "../../../src/plist/write.ts";
import type { Bytes } from "./der.ts";

export type Entries = { readonly [key: string]: PlistInput | undefined };

/** A message as devices write it: a dictionary with its keys in alphabetical order. */
export const messageBytes = (entries: Entries): Bytes =>
  writePlist(Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1))));

export function plistOf(bytes: Uint8Array): PlistValue {
  const read = readPlist(bytes);
  if (!read.ok) throw new Error(`the property list cannot be read: ${JSON.stringify(read.refusal)}`);
  return read.value;
}

export function dictionary(value: PlistValue | undefined, what: string): PlistDict {
  if (!(value instanceof Map)) throw new Error(`${what} is no dictionary`);
  return value;
}
