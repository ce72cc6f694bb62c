import type { KeySpec, OsFacts, Platform, Spec, ValueSpec } from "./spec.ts";

/**
 * The form in which `data/*.ts` keep the catalogue: one text a kind, deflated and in base64, because every byte of
 * source is scanned whenever the Worker starts, whether or not it is ever used. The text's first line is `Shared`, and
 * line n + 1 the `PackedSpec` of `Shared.index[n]`, all JSON, so that looking one entry up parses one.
 * It is the form of `spec.ts` with two differences: what a platform says is kept once in a table shared by the whole
 * kind, and a cycle is a number of steps upwards.
 */
/** A platform's facts by their place in `facts`; null where the thing does not exist. */
export type PackedTable = { [platform in Platform]?: number | null };

export type Shared = {
  facts: OsFacts[];
  tables: PackedTable[];
  /** File, id, place in `tables`; in order of id, line after line. */
  index: [file: string, id: string, os: number][];
};

export type PackedValue = Omit<ValueSpec, "os" | "keys" | "items" | "alternatives" | "choices"> & {
  os?: number;
  /** A number: the same list of members as the container so many steps up. */
  keys?: PackedKey[] | number;
  items?: PackedValue | number;
  alternatives?: { tag: string; of: PackedKey[] };
  choices?: ([value: string] | [value: string, os: number])[];
};

export type PackedKey = PackedValue & Pick<KeySpec, "name" | "required" | "wildcard">;

export type PackedSpec = Pick<Spec, "apply" | "beta" | "reasons" | "related-status-items"> & {
  keys: PackedKey[];
  response?: PackedKey[];
};
