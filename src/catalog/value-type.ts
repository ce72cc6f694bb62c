// What a value is, in the words of property lists, whether it came as a plist or as JSON.

import { fromBase64 } from "../base/bytes.ts";
import { PlistReal } from "../plist/value.ts";
import type { ValueType } from "./spec.ts";
import { isObject, type JsonObject, readDate, readTagged, tagOf } from "./tagged.ts";

export type Form = "plist" | "json";

/** `null` and `nothing` are what JSON and JavaScript have and property lists do not. */
export type FoundType = Exclude<ValueType, "any"> | "null" | "nothing";

/** A JSON object that stands for bytes, a date or a number is read as that; a broken one as the dictionary it is. */
export function untag(value: unknown, form: Form): unknown {
  const tag = form === "json" ? tagOf(value) : undefined;
  if (!tag) return value;
  const content = (value as JsonObject)[tag];
  if (tag === "$dict") return isObject(content) ? content : value;
  return readTagged(tag, content) ?? value;
}

export function typeOf(value: unknown): FoundType {
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "bigint") return "integer";
  if (typeof value === "number") return Number.isSafeInteger(value) ? "integer" : "real";
  if (value instanceof PlistReal) return "real";
  if (value instanceof Uint8Array) return "data";
  if (value instanceof Date) return "date";
  if (Array.isArray(value)) return "array";
  if (value instanceof Map || isObject(value)) return "dictionary";
  return value === null ? "null" : "nothing";
}

/** In JSON, text serves as data and date; everywhere a whole number serves as a real. */
export function isOfType(found: FoundType, type: ValueType, form: Form): boolean {
  if (found === "null" || found === "nothing") return false;
  if (type === "any" || found === type) return true;
  if (type === "real") return found === "integer";
  return form === "json" && found === "string" && (type === "data" || type === "date");
}

/** Why a JSON text is not what it should be in a property list; undefined when it is. */
export function brokenText(text: string, type: ValueType): string | undefined {
  if (type === "data" && !fromBase64(text)) return "the text is not base64";
  if (type === "date" && !readDate(text)) return "the text is not a date like 2026-01-31T12:00:00Z";
  return undefined;
}

export function numberOf(value: unknown): number | bigint | undefined {
  if (value instanceof PlistReal) return value.value;
  return typeof value === "number" || typeof value === "bigint" ? value : undefined;
}

export function* membersOf(dict: unknown): Generator<[name: string, value: unknown]> {
  if (dict instanceof Map) yield* dict as Map<string, unknown>;
  else yield* Object.entries(dict as JsonObject);
}

export function memberOf(dict: unknown, name: string): unknown {
  if (dict instanceof Map) return dict.get(name);
  return Object.hasOwn(dict as JsonObject, name) ? (dict as JsonObject)[name] : undefined;
}
