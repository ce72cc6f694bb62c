import * as v from "valibot";
import { attributeTypes } from "../../../db/attribute-types.ts";
import type { DefinitionRow } from "../../../db/attributes.ts";
import { isDate, longestText } from "../../../library/attribute-values.ts";
import { printableTrimmed } from "../route/printable.ts";
import { isoTime, Time } from "../route/times.ts";

/** What attributes of devices may be, as the API writes and takes it. */
export const attributeName = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(64),
  v.regex(printableTrimmed, "must be printable, without spaces at its ends"),
);

export const Attribute = v.pipe(
  v.object({
    name: v.string(),
    type: v.picklist(attributeTypes),
    description: v.string(),
    choices: v.pipe(v.nullable(v.array(v.string())), v.description("Of a choice: what it may be")),
    minimum: v.pipe(v.nullable(v.number()), v.description("Of a number; of a text, its length")),
    maximum: v.nullable(v.number()),
    earliest: v.pipe(v.nullable(v.string()), v.description("Of a date")),
    latest: v.nullable(v.string()),
    created_at: Time,
    updated_at: Time,
  }),
  v.title("Attribute"),
);

const description = v.optional(v.pipe(v.string(), v.maxLength(1_000)), "");

const bound = (what: string) => v.optional(v.nullable(v.pipe(v.number(), v.description(what))), null);
const length = (what: string) =>
  v.optional(
    v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(longestText), v.description(what))),
    null,
  );
const date = (what: string) =>
  v.optional(
    v.nullable(v.pipe(v.string(), v.check(isDate, "must be a date such as 2026-01-31"), v.description(what))),
    null,
  );

const choice = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(100),
  v.regex(printableTrimmed, "must be printable, without spaces at its ends"),
);

export const NewAttribute = v.pipe(
  v.variant("type", [
    v.strictObject({
      type: v.literal("text"),
      description,
      minimum: length("How many characters at least"),
      maximum: length("How many characters at most; 1000 unless set"),
    }),
    v.strictObject({
      type: v.literal("number"),
      description,
      minimum: bound("The least"),
      maximum: bound("The most"),
    }),
    v.strictObject({
      type: v.literal("date"),
      description,
      earliest: date("The first day"),
      latest: date("The last day"),
    }),
    v.strictObject({
      type: v.literal("choice"),
      description,
      choices: v.pipe(
        v.array(choice),
        v.minLength(1),
        v.maxLength(200),
        v.check((all) => new Set(all).size === all.length, "has one of them twice"),
      ),
    }),
    v.strictObject({ type: v.literal("yes-no"), description }),
  ]),
  v.check(
    (given) =>
      !("minimum" in given) ||
      given.minimum === null ||
      given.maximum === null ||
      given.minimum <= given.maximum,
    "minimum is more than maximum",
  ),
  v.check(
    (given) =>
      !("earliest" in given) ||
      given.earliest === null ||
      given.latest === null ||
      given.earliest <= given.latest,
    "earliest is later than latest",
  ),
  v.title("NewAttribute"),
);

const noBounds = { choices: null, minimum: null, maximum: null, earliest: null, latest: null };

export const rowOf = (
  name: string,
  given: v.InferOutput<typeof NewAttribute>,
  now: number,
): DefinitionRow => ({ name, ...noBounds, ...given, createdAt: now, updatedAt: now });

export const presentAttribute = (row: DefinitionRow): v.InferInput<typeof Attribute> => ({
  name: row.name,
  type: row.type,
  description: row.description,
  choices: row.choices,
  minimum: row.minimum,
  maximum: row.maximum,
  earliest: row.earliest,
  latest: row.latest,
  created_at: isoTime(row.createdAt),
  updated_at: isoTime(row.updatedAt),
});
