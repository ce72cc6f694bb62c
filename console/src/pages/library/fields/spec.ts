// What Apple's schema says of a payload or a declaration, as the catalogue of the server tells it.
import type { Schemas } from "../../../../../client/api.d.ts";
import { api } from "../../../api/api.ts";

export type Json = string | number | boolean | null | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json };

type OsFacts = { introduced?: string; removed?: string; deprecated?: string; supervised?: boolean };
export type OsTable = { readonly [platform: string]: OsFacts | null };

export type Spec = {
  type: "string" | "integer" | "real" | "boolean" | "data" | "date" | "array" | "dictionary" | "any";
  default?: string | number | boolean;
  rangelist?: readonly (string | number | boolean)[];
  range?: { min?: number; max?: number };
  format?: string;
  repetition?: { min?: number; max?: number };
  platforms?: OsTable;
  keys?: readonly KeySpec[];
  items?: Spec | { same_as: string };
  alternatives?: { tag: string; of: readonly KeySpec[] };
  choices?: readonly { value: string }[];
};

export type KeySpec = Spec & { name: string; required?: true; wildcard?: true; secret?: true };

export type Shelf = "profiles" | "declarations";

export type Entry = { id: string; platforms: OsTable };

/** The schema of one payload; undefined: the catalogue does not know it. */
export type Known = Entry & { keys: readonly KeySpec[] };

/** What is read once stays: the catalogue changes only with the server. */
const entries = new Map<Shelf, Promise<Entry[]>>();
const specs = new Map<string, Promise<Known | undefined>>();

function once<Key, Value>(
  kept: Map<Key, Promise<Value>>,
  key: Key,
  read: () => Promise<Value>,
): Promise<Value> {
  const found = kept.get(key) ?? read();
  kept.set(key, found);
  found.catch(() => kept.delete(key));
  return found;
}

export const readEntries = (shelf: Shelf): Promise<Entry[]> =>
  once(entries, shelf, async () => {
    const query = { limit: 1000 };
    if (shelf === "profiles")
      return (await api.get("/catalog/profiles", { query })).items.map(({ payload_type: id, platforms }) => ({
        id: String(id),
        platforms: platforms as OsTable,
      }));
    return (await api.get("/catalog/declarations", { query })).items.map(({ type: id, platforms }) => ({
      id: String(id),
      platforms: platforms as OsTable,
    }));
  });

/** Undefined: the catalogue does not know this type. */
export const readSpec = (shelf: Shelf, id: string): Promise<Known | undefined> =>
  once(specs, `${shelf} ${id}`, async () => {
    if (!(await readEntries(shelf)).some((entry) => entry.id === id)) return undefined;
    const { platforms, keys } =
      shelf === "profiles"
        ? await api.get("/catalog/profiles/{payload_type}", { path: { payload_type: id } })
        : await api.get("/catalog/declarations/{type}", { path: { type: id } });
    return { id, platforms: platforms as OsTable, keys: keys as readonly KeySpec[] };
  });

/** One finding of the server about what is written: a JSON pointer, and what is wrong there. */
export type Finding = Pick<Schemas["ProfileFinding"], "level" | "pointer" | "detail"> & {
  code: string;
  remedy?: string;
};

/** A member of a JSON pointer. */
export const step = (name: string | number): string =>
  `/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`;
