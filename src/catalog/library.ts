// Where the data is read: one kind is loaded and inflated at its first use, one entry parsed at its first lookup.
import { fromBase64, fromUtf8 } from "../base/bytes.ts";
import type { PackedSpec, Shared } from "./packed.ts";
import type { Entry, Kind, Spec } from "./spec.ts";
import { type Tables, unpackSpec, unpackTables } from "./unpack.ts";

type Shelf = {
  entries: Entry[];
  /** Place in `entries`; several where a payload type comes from several files. */
  places: Map<string, number[]>;
  lines: string[];
  tables: Tables;
  specs: Map<number, Spec>;
};

const packed: Record<Kind, () => Promise<{ packed: string }>> = {
  checkins: () => import("./data/checkins.ts"),
  commands: () => import("./data/commands.ts"),
  errors: () => import("./data/errors.ts"),
  profiles: () => import("./data/profiles.ts"),
  declarations: () => import("./data/declarations.ts"),
  credentials: () => import("./data/credentials.ts"),
  "status-items": () => import("./data/status-items.ts"),
  structures: () => import("./data/structures.ts"),
};

// Finished shelves only: a promise made by one request must not be awaited by another.
const shelves = new Map<Kind, Shelf>();

/** All entries of a kind, in order of id. */
export async function entriesOf(kind: Kind): Promise<readonly Entry[]> {
  return (await openShelf(kind)).entries;
}

/** Every file's own entry for this id: mostly one. */
export async function specsOf(kind: Kind, id: string): Promise<readonly Spec[]> {
  const shelf = await openShelf(kind);
  return (shelf.places.get(id) ?? []).map((place) => specAt(shelf, place));
}

async function openShelf(kind: Kind): Promise<Shelf> {
  const shelf = shelves.get(kind) ?? (await readShelf(kind));
  shelves.set(kind, shelf);
  return shelf;
}

async function readShelf(kind: Kind): Promise<Shelf> {
  const [first = "", ...lines] = (await inflate((await packed[kind]()).packed)).split("\n");
  const shared = JSON.parse(first) as Shared;
  const tables = unpackTables(shared);
  const places = new Map<string, number[]>();
  for (const [place, [, id]] of shared.index.entries()) places.set(id, [...(places.get(id) ?? []), place]);
  const entries = shared.index.map(([file, id, os]) => ({ kind, id, file, os: tables[os] ?? {} }));
  return { entries, places, lines, tables, specs: new Map() };
}

function specAt(shelf: Shelf, place: number): Spec {
  const known = shelf.specs.get(place);
  if (known) return known;
  const [entry, line] = [shelf.entries[place], shelf.lines[place]];
  if (!entry || !line)
    throw new Error(`the catalogue's data is broken at place ${place}: run npm run catalog`);
  const spec = unpackSpec(entry, JSON.parse(line) as PackedSpec, shelf.tables);
  shelf.specs.set(place, spec);
  return spec;
}

async function inflate(base64: string): Promise<string> {
  const { inflateRawSync } = await import("node:zlib");
  const bytes = fromBase64(base64);
  if (!bytes) throw new Error("the catalogue's data is not base64: run npm run catalog");
  return fromUtf8(inflateRawSync(bytes));
}
