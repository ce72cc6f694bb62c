import { toBase64 } from "../base/bytes.ts";
import { PlistReal, type PlistValue } from "./value.ts";

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A property list as people read it in JSON: data in base64, dates in ISO 8601, integers beyond 2^53 as strings. */
export function plistToJson(value: PlistValue): Json {
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, entry]) => [key, plistToJson(entry)]));
  if (Array.isArray(value)) return value.map(plistToJson);
  if (value instanceof Uint8Array) return toBase64(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof PlistReal) return Number.isFinite(value.value) ? value.value : String(value.value);
  return typeof value === "bigint" ? value.toString() : value;
}
