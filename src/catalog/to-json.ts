// Property list -> JSON, so that `fromJson` with the same spec gives the same property list back.
import { toBase64 } from "../base/bytes.ts";
import { PlistReal, type PlistValue } from "../plist/value.ts";
import { keysOf } from "./from-json.ts";
import type { ValueSpec } from "./spec.ts";
import { looksTagged, writeDate, writeReal } from "./tagged.ts";

export type JsonValue = string | number | boolean | JsonValue[] | { [name: string]: JsonValue };

export function toJson(value: PlistValue, spec: ValueSpec = { type: "any" }): JsonValue {
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return { $integer: String(value) };
  if (value instanceof PlistReal) return realToJson(value, spec);
  if (value instanceof Date) return spec.type === "date" ? writeDate(value) : { $date: writeDate(value) };
  if (value instanceof Uint8Array) return spec.type === "data" ? toBase64(value) : { $data: toBase64(value) };
  if (Array.isArray(value)) {
    const { oneOrMany, ...one } = spec;
    return value.map((element) => toJson(element, oneOrMany ? one : spec.items));
  }
  const keyOf = keysOf(spec, Object.fromEntries(value));
  const members = [...value].map(([name, member]) => [name, toJson(member, keyOf(name))] as const);
  const json = Object.fromEntries(members);
  return looksTagged(value) ? { $dict: json } : json;
}

/** A fraction is a real whatever is expected; a whole one says so, unless a real is expected. */
function realToJson(real: PlistReal, { type }: ValueSpec): JsonValue {
  const plain = Number.isFinite(real.value) && (type === "real" || !Number.isSafeInteger(real.value));
  return plain ? real.value : { $real: writeReal(real) };
}
