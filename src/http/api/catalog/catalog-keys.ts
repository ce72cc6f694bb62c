import type { KeySpec, OsTable, ValueSpec } from "../../../catalog/spec.ts";
import { isSecretKey } from "../../../mdm/secrets.ts";

/** The catalogue's keys as an answer spells them: a structure that contains itself refers to where its keys are listed. */
export type SpelledKey = Spelled & {
  name: string;
  required?: true;
  wildcard?: true;
  /** Its value is sealed at rest and masked in answers. */
  secret?: true;
};

type Spelled = Omit<ValueSpec, "os" | "keys" | "items" | "alternatives" | "choices" | "oneOrMany"> & {
  /** What differs from the main entry, for each platform. */
  platforms?: OsTable;
  one_or_many?: true;
  keys?: SpelledKey[];
  items?: Spelled | { same_as: string };
  alternatives?: { tag: string; of: SpelledKey[] };
  choices?: { value: string; platforms?: OsTable }[];
};

/** `pointer` says where these keys are in the answer. */
export const spellKeys = (keys: readonly KeySpec[], pointer: string): SpelledKey[] =>
  keys.map((key, at) => spell(key, `${pointer}/${at}`, new Map()) as SpelledKey);

function spell(value: ValueSpec, pointer: string, above: ReadonlyMap<ValueSpec, string>): Spelled {
  const { os, keys, items, alternatives, choices, oneOrMany, ...facts } = value;
  const here = new Map(above).set(value, pointer);
  const spellAll = (list: readonly KeySpec[], place: string) =>
    list.map((key, at) => spell(key, `${pointer}/${place}/${at}`, here) as SpelledKey);
  return {
    ...facts,
    ...("name" in value && isSecretKey(String(value.name)) && { secret: true as const }),
    ...(os && { platforms: os }),
    ...(oneOrMany && { one_or_many: oneOrMany }),
    ...(keys && { keys: spellAll(keys, "keys") }),
    ...(items && { items: spellItems(items, `${pointer}/items`, here) }),
    ...(alternatives && {
      alternatives: { tag: alternatives.tag, of: spellAll(alternatives.of, "alternatives/of") },
    }),
    ...(choices && {
      choices: choices.map(({ value: text, os: table }) => ({
        value: text,
        ...(table && { platforms: table }),
      })),
    }),
  };
}

function spellItems(items: ValueSpec, pointer: string, above: ReadonlyMap<ValueSpec, string>) {
  const known = above.get(items);
  return known ? { same_as: known } : spell(items, pointer, above);
}
