/**
 * An entry as JSON Schema 2020-12, so that editors complete and check what will be sent as JSON. It says what the
 * validator calls an error; unknown keys stay allowed, for they may be newer than the catalogue. A required key that
 * only some devices have is not required here.
 */
import { isDemanded } from "./availability.ts";
import { factsFor } from "./facts.ts";
import { type KeySpec, type OsTable, platforms, type Spec, type ValueSpec } from "./spec.ts";

export type JsonSchema = { [keyword: string]: unknown };

export function jsonSchemaOf(
  spec: Spec,
  value: ValueSpec = { type: "dictionary", keys: spec.keys },
): JsonSchema {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: spec.id,
    description: whereItWorks(spec.os, undefined),
    ...schemaOf(value, { entry: spec.os, pointer: "#", above: new Map() }),
  };
}

type Place = {
  entry: OsTable;
  /** Where this schema stands in the document, as a reference names it. */
  pointer: string;
  /** Where the values on the way here stand: one that holds itself becomes a reference. */
  above: ReadonlyMap<ValueSpec, string>;
};

const inside = (place: Place, ...steps: (string | number)[]): Place => ({
  ...place,
  pointer: [place.pointer, ...steps.map(pointerPart)].join("/"),
});

const pointerPart = (step: string | number): string =>
  encodeURIComponent(String(step).replace(/~/g, "~0").replace(/\//g, "~1"));

function schemaOf(value: ValueSpec, place: Place): JsonSchema {
  const known = place.above.get(value);
  if (known) return { $ref: known };
  const here = { ...place, above: new Map(place.above).set(value, place.pointer) };
  const notes = {
    ...(value.default !== undefined && { default: value.default }),
    ...(value.os && { description: whereItWorks(place.entry, value.os) }),
  };
  if (!value.oneOrMany) return { ...notes, ...bareSchemaOf(value, here) };
  const { oneOrMany, os, default: _, ...one } = value;
  const items = schemaOf(one, inside(here, "anyOf", 1, "items"));
  return { ...notes, anyOf: [schemaOf(one, inside(here, "anyOf", 0)), { type: "array", items }] };
}

function bareSchemaOf(value: ValueSpec, place: Place): JsonSchema {
  switch (value.type) {
    case "any":
      return {};
    case "string":
      return { type: "string", ...limitsOf(value), ...(value.format && { pattern: value.format }) };
    case "integer":
      return { type: "integer", ...limitsOf(value) };
    case "real":
      return { type: "number", ...limitsOf(value) };
    case "boolean":
      return { type: "boolean", ...limitsOf(value) };
    case "data":
      return { type: "string", contentEncoding: "base64" };
    case "date":
      return { type: "string", format: "date-time" };
    case "array":
      return arraySchema(value, place);
    case "dictionary":
      return dictionarySchema(value, place);
  }
}

function limitsOf({ rangelist, choices, range }: ValueSpec): JsonSchema {
  const list = rangelist ?? choices?.map(({ value }) => value);
  const bounds = {
    ...(range?.min !== undefined && { minimum: range.min }),
    ...(range?.max !== undefined && { maximum: range.max }),
  };
  if (!list) return bounds;
  // With both, the list names what the range leaves out.
  return range ? { anyOf: [{ enum: list }, bounds] } : { enum: list };
}

const arraySchema = ({ items, repetition }: ValueSpec, place: Place): JsonSchema => ({
  type: "array",
  ...(items && { items: schemaOf(items, inside(place, "items")) }),
  ...(repetition?.min !== undefined && { minItems: repetition.min }),
  ...(repetition?.max !== undefined && { maxItems: repetition.max }),
});

function dictionarySchema({ keys, alternatives }: ValueSpec, place: Place): JsonSchema {
  if (alternatives)
    return {
      type: "object",
      required: [alternatives.tag],
      oneOf: alternatives.of.map((alternative, at) => ({
        title: alternative.name,
        ...schemaOf(alternative, inside(place, "oneOf", at)),
      })),
    };
  if (!keys) return { type: "object" };
  const named = keys.filter(({ wildcard }) => !wildcard);
  const anyName = keys.find(({ wildcard }) => wildcard);
  const required = named.filter((key) => isRequired(key, place.entry)).map(({ name }) => name);
  const properties = named.map(
    (key) => [key.name, schemaOf(key, inside(place, "properties", key.name))] as const,
  );
  return {
    type: "object",
    ...(properties.length > 0 && { properties: Object.fromEntries(properties) }),
    ...(anyName && { additionalProperties: schemaOf(anyName, inside(place, "additionalProperties")) }),
    ...(required.length > 0 && { required }),
  };
}

const isRequired = ({ required, os }: KeySpec, entry: OsTable): boolean =>
  required === true && isDemanded(entry, os, {});

/** `ios 17.0, macos 14.0 (deprecated 26.0)`: the one line that an editor shows. */
function whereItWorks(entry: OsTable, key: OsTable | undefined): string {
  const places = platforms.flatMap((platform) => {
    const facts = factsFor(entry, key, platform);
    if (!facts || facts.removed === "0") return [];
    const since = facts.introduced && facts.introduced !== "all" ? ` ${facts.introduced}` : "";
    const end = facts.removed
      ? ` (removed ${facts.removed})`
      : facts.deprecated
        ? ` (deprecated ${facts.deprecated})`
        : "";
    return [`${platform}${since}${end}`];
  });
  return places.join(", ") || "no platform";
}
