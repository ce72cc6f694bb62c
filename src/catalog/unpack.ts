// The packed form -> the one of `spec.ts`: places become tables, steps upwards become cycles.
import type { PackedKey, PackedSpec, PackedValue, Shared } from "./packed.ts";
import { type Entry, type KeySpec, type OsTable, platforms, type Spec, type ValueSpec } from "./spec.ts";

export type Tables = readonly OsTable[];

export function unpackTables({ facts, tables }: Shared): Tables {
  return tables.map((table) =>
    Object.fromEntries(
      platforms
        .filter((platform) => table[platform] !== undefined)
        .map((platform) => {
          const place = table[platform];
          return [platform, typeof place === "number" ? (facts[place] ?? {}) : null];
        }),
    ),
  );
}

export function unpackSpec(entry: Entry, packed: PackedSpec, tables: Tables): Spec {
  const { keys, response, ...facts } = packed;
  return {
    ...entry,
    ...facts,
    keys: unpackKeys(keys, tables, []),
    ...(response && { response: unpackKeys(response, tables, []) }),
  };
}

const unpackKeys = (keys: readonly PackedKey[], tables: Tables, above: readonly ValueSpec[]): KeySpec[] =>
  keys.map((key) => unpackValue(key, tables, above) as KeySpec);

/** `above` are the containers on the way here, nearest first: what a number of steps counts. */
function unpackValue(packed: PackedValue, tables: Tables, above: readonly ValueSpec[]): ValueSpec {
  const { os, keys, items, alternatives, choices, ...facts } = packed;
  const value: ValueSpec = { ...facts };
  const table = os === undefined ? undefined : tables[os];
  if (table) value.os = table;
  const inside = [value, ...above];
  if (typeof keys === "number") copyFrom(value, "keys", above[keys - 1]);
  else if (keys) value.keys = unpackKeys(keys, tables, inside);
  if (typeof items === "number") copyFrom(value, "items", above[items - 1]);
  else if (items) value.items = unpackValue(items, tables, inside);
  if (alternatives)
    value.alternatives = { tag: alternatives.tag, of: unpackKeys(alternatives.of, tables, inside) };
  if (choices)
    value.choices = choices.map(([text, place]) => {
      const os = place === undefined ? undefined : tables[place];
      return os ? { value: text, os } : { value: text };
    });
  return value;
}

/** The container above is still being built: what it will hold is looked up when it is asked for. */
function copyFrom(value: ValueSpec, part: "keys" | "items", container: ValueSpec | undefined): void {
  Object.defineProperty(value, part, { enumerable: true, get: () => container?.[part] });
}
