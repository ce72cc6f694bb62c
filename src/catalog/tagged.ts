/**
 * JSON has no bytes, dates or reals. Where the catalogue tells the type, plain JSON serves (base64, ISO 8601, a
 * number); where it does not (any value, unknown keys), an object with one of these members stands for the value:
 * {"$data": "AQI="}, {"$date": "2026-01-31T12:00:00Z"}, {"$real": 1}, {"$integer": "9007199254740993"}; and
 * {"$dict": {…}} for a dictionary that would otherwise look like one of these.
 */
import { fromBase64 } from "../base/bytes.ts";
import { type PlistDict, PlistReal, type PlistValue } from "../plist/value.ts";

const tags = ["$data", "$date", "$real", "$integer", "$dict"];
const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)$/;
const specialReals = ["nan", "+infinity", "-infinity"];

export type JsonObject = { [name: string]: unknown };

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  Object.getPrototypeOf(value) !== Map.prototype;

/** The tag of an object that stands for another value. */
export function tagOf(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const [name, ...others] = Object.keys(value);
  return name !== undefined && others.length === 0 && tags.includes(name) ? name : undefined;
}

/** Would this dictionary be read as something else? */
export const looksTagged = (dict: PlistDict): boolean =>
  dict.size === 1 && tags.includes([...dict.keys()][0] ?? "");

/** What a tagged object stands for, `$dict` apart; undefined when its content is not of that kind. */
export function readTagged(tag: string, content: unknown): PlistValue | undefined {
  if (tag === "$data") return typeof content === "string" ? fromBase64(content) : undefined;
  if (tag === "$date") return typeof content === "string" ? readDate(content) : undefined;
  if (tag === "$integer") return readInteger(content);
  if (tag === "$real") return readReal(content);
  return undefined;
}

export function readDate(text: string): Date | undefined {
  if (!iso.test(text)) return undefined;
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** A property list's dates have no fractions of a second. */
export const writeDate = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, "Z");

export const integerOf = (value: bigint): number | bigint =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : value;

function readInteger(content: unknown): number | bigint | undefined {
  if (typeof content === "number") return Number.isSafeInteger(content) ? content : undefined;
  if (typeof content !== "string" || !/^-?\d{1,20}$/.test(content)) return undefined;
  // Property lists hold 64 bits, signed or not.
  const value = BigInt(content);
  return value >= -(2n ** 63n) && value < 2n ** 64n ? integerOf(value) : undefined;
}

function readReal(content: unknown): PlistReal | undefined {
  if (typeof content === "number") return new PlistReal(content);
  if (typeof content !== "string" || !specialReals.includes(content)) return undefined;
  return new PlistReal(content === "nan" ? Number.NaN : content === "+infinity" ? Infinity : -Infinity);
}

export function writeReal({ value }: PlistReal): number | string {
  if (Number.isNaN(value)) return "nan";
  return Number.isFinite(value) ? value : value > 0 ? "+infinity" : "-infinity";
}
