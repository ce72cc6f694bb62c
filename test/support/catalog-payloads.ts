import fc from "fast-check";
import { isRemoved } from "../../src/catalog/availability.ts";
import type { Context } from "../../src/catalog/context.ts";
import { factsFor } from "../../src/catalog/facts.ts";
import { type FindingCode, pointerTo } from "../../src/catalog/finding.ts";
import { proseRules } from "../../src/catalog/prose-rules.ts";
import { type KeySpec, type OsTable, platforms, type Spec, type ValueSpec } from "../../src/catalog/spec.ts";
import { isAtLeast } from "../../src/catalog/version.ts";
import { type PlistDict, PlistReal, type PlistValue } from "../../src/plist/value.ts";

type Part = "request" | "response";

/** The shape of an entry's whole request, payload or answer. */
export const shapeOf = (spec: Spec, part: Part = "request"): ValueSpec => ({
  type: "dictionary",
  keys: (part === "request" ? spec.keys : spec.response) ?? [],
});

/** The smallest value that the catalogue takes: required keys, shortest lists, smallest numbers. */
export const minimalPayload = (spec: Spec, part: Part = "request"): PlistDict =>
  make(shapeOf(spec, part), minimal) as PlistDict;

/** A value with every key, every alternative and largest numbers; structures that hold themselves end at the second turn. */
export const maximalPayload = (spec: Spec, part: Part = "request"): PlistDict =>
  make(shapeOf(spec, part), maximal) as PlistDict;

/** The payload as Apple's sentences want it too, where they say more than the schema. */
export function inProse(requestType: string, spec: Spec, payload: PlistDict): PlistDict {
  for (const rule of proseRules[requestType] ?? []) {
    for (const { dict, keys } of dictsAt(payload, shapeOf(spec).keys ?? [], rule.at ?? [])) {
      const add = (name: string | undefined): void => {
        const key = keys.find((one) => one.name === name);
        if (key !== undefined && !dict.has(key.name)) dict.set(key.name, make(key, maximal));
      };
      if ("exactlyOneOf" in rule || "oneOf" in rule) {
        const names = "oneOf" in rule ? rule.oneOf : rule.exactlyOneOf;
        if (!names.some((name) => dict.has(name))) add(names[0]);
        if ("oneOf" in rule) continue;
        for (const name of names.filter((one) => dict.has(one)).slice(1)) dict.delete(name);
      } else if ("needs" in rule) {
        if (rule.is === undefined ? dict.has(rule.key) : dict.get(rule.key) === rule.is) add(rule.needs);
      } else if ("form" in rule) {
        if (dict.has(rule.key)) dict.set(rule.key, rule.key === "PIN" ? "123456" : "https://example.com");
      }
    }
  }
  return payload;
}

function dictsAt(
  value: PlistValue | undefined,
  keys: readonly KeySpec[],
  [step, next, ...rest]: readonly string[],
): { dict: PlistDict; keys: readonly KeySpec[] }[] {
  if (!(value instanceof Map)) return [];
  if (step === undefined) return [{ dict: value, keys }];
  const key = keys.find(({ name }) => name === step);
  const inner = value.get(step);
  if (next !== "*") return dictsAt(inner, key?.keys ?? [], next === undefined ? [] : [next, ...rest]);
  return (Array.isArray(inner) ? inner : []).flatMap((one) => dictsAt(one, key?.items?.keys ?? [], rest));
}

type Taste = {
  everyKey: boolean;
  pick: <Item>(list: readonly Item[]) => Item | undefined;
  number: (low: number, high: number) => number;
};
const minimal: Taste = { everyKey: false, pick: (list) => list[0], number: (low) => low };
const maximal: Taste = { everyKey: true, pick: (list) => list.at(-1), number: (_, high) => high };

function make(spec: ValueSpec, taste: Taste, above: readonly ValueSpec[] = []): PlistValue {
  const listed = taste.pick(spec.rangelist ?? spec.choices?.map(({ value }) => value) ?? []);
  const { min = 0, max = Math.max(min, 1000) } = spec.range ?? {};
  if (spec.oneOrMany && taste.everyKey) {
    const { oneOrMany, ...one } = spec;
    return [make(one, taste, above), make(one, taste, above)];
  }
  switch (spec.type) {
    case "string":
      return typeof listed === "string" ? listed : textLike(spec.format);
    case "integer":
      return typeof listed === "number" ? listed : taste.number(Math.ceil(min), Math.floor(max));
    case "real":
      return new PlistReal(typeof listed === "number" ? listed : taste.number(min, max));
    case "boolean":
      return typeof listed === "boolean" ? listed : taste.everyKey;
    case "data":
      return new Uint8Array(taste.everyKey ? [0, 1, 254, 255] : []);
    case "date":
      return new Date("2026-01-31T12:00:00Z");
    case "any":
      return taste.everyKey ? new Map<string, PlistValue>([["Any", ["thing", new Uint8Array([7])]]]) : "any";
    case "array":
      return makeArray(spec, taste, above);
    case "dictionary":
      return makeDictionary(spec.keys ?? [], taste, [...above, spec]);
  }
}

function makeArray(spec: ValueSpec, taste: Taste, above: readonly ValueSpec[]): PlistValue {
  const { items, repetition } = spec;
  if (!items) return taste.everyKey ? ["any"] : [];
  if (items.alternatives) {
    const chosen = items.alternatives.of.slice(0, taste.everyKey ? undefined : 1);
    return chosen.map(({ keys }) => makeDictionary(keys ?? [], taste, [...above, spec]));
  }
  if (above.includes(items)) return [];
  const length = taste.everyKey ? (repetition?.max ?? 1) : (repetition?.min ?? 0);
  return Array.from({ length }, () => make(items, taste, [...above, spec]));
}

function makeDictionary(keys: readonly KeySpec[], taste: Taste, above: readonly ValueSpec[]): PlistDict {
  const chosen = keys.filter(({ required, wildcard }) => taste.everyKey || (required && !wildcard));
  return new Map(
    chosen.flatMap((key) =>
      key.wildcard
        ? ["Any name", "Any/other~name"].map((name) => [name, make(key, taste, above)] as const)
        : [[key.name, make(key, taste, above)] as const],
    ),
  );
}

const texts = new Map<string, string>();

function textLike(format: string | undefined): string {
  if (!format) return "text";
  const known =
    texts.get(format) ?? fc.sample(fc.stringMatching(new RegExp(format)), { seed: 7, numRuns: 1 })[0];
  texts.set(format, known ?? "");
  return known ?? "";
}

export type Breakage = {
  pointer: string;
  code: FindingCode;
  /** A device to which the broken key matters. */
  context: Context;
};

/** Breaks the payload in one place after the other, and mends it again when the next one is asked for. */
export function* breakages(spec: Spec, payload: PlistDict, part: Part = "request"): Generator<Breakage> {
  yield* breakMembers(payload, shapeOf(spec, part).keys ?? [], "", { entry: spec.os, tables: [] });
}

type Where = {
  entry: OsTable;
  /** What the keys on the way here say of platforms. */
  tables: readonly OsTable[];
};

function* breakMembers(
  dict: PlistDict,
  keys: readonly KeySpec[],
  pointer: string,
  where: Where,
): Generator<Breakage> {
  for (const [name, value] of [...dict]) {
    const key = keys.find((candidate) => candidate.name === name) ?? keys.find(({ wildcard }) => wildcard);
    if (!key) throw new Error(`${pointer}/${name} is not of this entry`);
    const place = pointerTo(pointer, name);
    const inside = { ...where, tables: key.os ? [...where.tables, key.os] : where.tables };
    const set = (broken: PlistValue) => dict.set(name, broken);
    yield* breakValue(value, key, place, inside, set);
    const context = deviceFor(inside);
    if (!key.required || key.wildcard || !context) continue;
    dict.delete(name);
    yield { pointer: place, code: "missing-key", context };
    dict.set(name, value);
  }
}

function* breakValue(
  value: PlistValue,
  spec: ValueSpec,
  pointer: string,
  where: Where,
  set: (value: PlistValue) => void,
): Generator<Breakage> {
  if (spec.oneOrMany && Array.isArray(value)) {
    const { oneOrMany, ...one } = spec;
    yield* breakElements(value, one, pointer, where);
    return;
  }
  for (const [code, broken] of wrongValues(spec)) {
    set(broken);
    yield { pointer, code, context: {} };
  }
  set(value);
  if (Array.isArray(value)) yield* breakElements(value, spec.items ?? { type: "any" }, pointer, where);
  else if (value instanceof Map && spec.keys) yield* breakMembers(value, spec.keys, pointer, where);
}

function* breakElements(
  list: PlistValue[],
  spec: ValueSpec,
  pointer: string,
  where: Where,
): Generator<Breakage> {
  for (const [at, element] of list.entries()) {
    const place = pointerTo(pointer, at);
    const alternative = spec.alternatives?.of[at];
    if (alternative && element instanceof Map) {
      const tables = alternative.os ? [...where.tables, alternative.os] : where.tables;
      yield* breakMembers(element, alternative.keys ?? [], place, { ...where, tables });
    } else
      yield* breakValue(element, spec, place, where, (broken) => {
        list[at] = broken;
      });
  }
}

function* wrongValues(spec: ValueSpec): Generator<[code: FindingCode, value: PlistValue]> {
  const { type, rangelist, choices, range, format, repetition } = spec;
  if (type !== "any") yield ["wrong-type", type === "boolean" ? "yes" : true];
  if ((rangelist && !range) || choices)
    yield ["not-in-list", type === "string" ? "nothing of the list" : numberOf(type, 987654)];
  const outside = [range?.min !== undefined && range.min - 1, range?.max !== undefined && range.max + 1];
  for (const number of outside)
    if (number !== false && !rangelist?.includes(number)) yield ["out-of-range", numberOf(type, number)];
  if (format) yield ["bad-format", "\u0007"];
  if (repetition) yield ["wrong-count", []];
}

const numberOf = (type: ValueSpec["type"], value: number): PlistValue =>
  type === "real" ? new PlistReal(value) : value;

/** A device that has all these keys; undefined when there is none. */
function deviceFor({ entry, tables }: Where): Context | undefined {
  for (const platform of platforms) {
    const facts = [undefined, ...tables].map((table) => factsFor(entry, table, platform));
    const known = facts.filter((own) => own !== null && own !== undefined);
    const osVersion = known
      .map(({ introduced }) => introduced ?? "all")
      .reduce(
        (newest, version) => (version === "all" || isAtLeast(newest, version) ? newest : version),
        "4.0",
      );
    if (known.length < facts.length || known.some((own) => isRemoved(own, osVersion))) continue;
    const inUserEnrollment = known.some(({ userenrollment }) => userenrollment?.mode === "required");
    const onSharedIpad = known.some(({ sharedipad }) => sharedipad?.mode === "required");
    const enrollmentKind = inUserEnrollment ? "user" : "device";
    return { platform, osVersion, supervised: true, enrollmentKind, sharedIpad: onSharedIpad };
  }
  return undefined;
}
