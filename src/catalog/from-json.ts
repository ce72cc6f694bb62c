/**
 * JSON -> property list, by the types of the catalogue: base64 becomes data, ISO 8601 a date, a number integer or real.
 * Where no type is known (`<any>`, unknown keys) text stays text; `tagged.ts` says how to spell the rest.
 * A text that does not fit its type stays text: judging is the validator's work, and it may be switched off.
 */
import { fromBase64 } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { PlistReal, type PlistValue } from "../plist/value.ts";
import { pointerTo } from "./finding.ts";
import type { KeySpec, ValueSpec } from "./spec.ts";
import { isObject, type JsonObject, readDate, readTagged, tagOf } from "./tagged.ts";

export type JsonRefusal = {
  /** A property list has no null; a tagged object (`{"$data": …}`) holds something else than its tag says. */
  reason: "null-value" | "bad-tag" | "too-deep" | "too-large";
  pointer: string;
};

const deepest = 64;
const mostValues = 100_000;

export function fromJson(json: unknown, spec: ValueSpec = { type: "any" }): Result<PlistValue, JsonRefusal> {
  try {
    return ok(convert(json, spec, { pointer: "", depth: 0, count: { values: 0 } }));
  } catch (fault) {
    if (fault instanceof Unfit) return refuse(fault.refusal);
    throw fault;
  }
}

/** Leaves the recursion at once; never leaves this file. */
class Unfit extends Error {
  readonly refusal: JsonRefusal;

  constructor(refusal: JsonRefusal) {
    super(refusal.reason);
    this.refusal = refusal;
  }
}

type Place = {
  pointer: string;
  depth: number;
  count: { values: number };
};

const inside = ({ pointer, depth, count }: Place, member: string | number): Place => ({
  pointer: pointerTo(pointer, member),
  depth: depth + 1,
  count,
});

function convert(json: unknown, spec: ValueSpec, place: Place): PlistValue {
  const { pointer, depth, count } = place;
  count.values += 1;
  if (depth > deepest) throw new Unfit({ reason: "too-deep", pointer });
  if (count.values > mostValues) throw new Unfit({ reason: "too-large", pointer });
  if (typeof json === "string") return convertText(json, spec);
  if (typeof json === "boolean") return json;
  if (typeof json === "number") return convertNumber(json, spec);
  if (Array.isArray(json)) {
    const { oneOrMany, ...one } = spec;
    const element = oneOrMany ? one : (spec.items ?? anything);
    return json.map((value, at) => convert(value, element, inside(place, at)));
  }
  if (isObject(json)) return convertObject(json, spec, place);
  throw new Unfit({ reason: "null-value", pointer });
}

const anything: ValueSpec = { type: "any" };

function convertText(text: string, { type }: ValueSpec): PlistValue {
  if (type === "data") return fromBase64(text) ?? text;
  if (type === "date") return readDate(text) ?? text;
  return text;
}

const convertNumber = (number: number, { type }: ValueSpec): PlistValue =>
  type === "real" || !Number.isSafeInteger(number) ? new PlistReal(number) : number;

function convertObject(json: JsonObject, spec: ValueSpec, place: Place): PlistValue {
  const tag = tagOf(json);
  if (!tag) return convertMembers(json, spec, place);
  const content = json[tag];
  if (tag === "$dict" && isObject(content)) return convertMembers(content, spec, inside(place, tag));
  const value = readTagged(tag, content);
  if (value === undefined) throw new Unfit({ reason: "bad-tag", pointer: place.pointer });
  return value;
}

function convertMembers(json: JsonObject, spec: ValueSpec, place: Place): PlistValue {
  const keyOf = keysOf(spec, json);
  return new Map(
    Object.entries(json).map(([name, value]) => [
      name,
      convert(value, keyOf(name) ?? anything, inside(place, name)),
    ]),
  );
}

/** Which key describes a member: the one of its name, or the one for any name; of the alternative that the tag names. */
export function keysOf(
  spec: ValueSpec,
  dict: { readonly [name: string]: unknown },
): (name: string) => KeySpec | undefined {
  const { tag, of } = spec.alternatives ?? {};
  const keys = (tag ? of?.find(({ name }) => name === dict[tag])?.keys : spec.keys) ?? [];
  return (name) => keys.find((key) => key.name === name && !key.wildcard) ?? keys.find((key) => key.wildcard);
}
