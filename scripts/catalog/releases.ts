// Two releases together: what an older one had and the newer one has no more keeps its last known facts, marked
// `removed` as of the newer release. Devices with older systems still have it, and on newer ones it works no more.

import { identityOf } from "./catalogue.ts";
import type { Checkout, SchemaFile } from "./checkout.ts";
import type { RawKey, RawOs } from "./raw.ts";
import { compareVersions } from "./versions.ts";

export function withFormer(newer: Checkout, older: Checkout): Checkout {
  const versions = newestOf(newer.files);
  const paths = new Map(newer.files.map((file) => [file.path, file]));
  const names = new Set(newer.files.map(nameOf));
  for (const former of older.files) {
    const present = paths.get(former.path);
    if (present !== undefined) keepKeys(present, former, versions);
  }
  // A file of another name that says the same thing has taken its place.
  const gone = older.files.filter((file) => !paths.has(file.path) && !names.has(nameOf(file)));
  for (const { raw } of gone)
    raw.payload.supportedOS = removedEverywhere(raw.payload.supportedOS ?? {}, versions);
  return { ...newer, files: [...newer.files, ...gone], digest: `${newer.digest} and ${older.digest}` };
}

const nameOf = (file: SchemaFile): string => `${file.kind} ${identityOf(file)}`;

type Versions = ReadonlyMap<string, string>;

function keepKeys({ raw }: SchemaFile, former: SchemaFile, versions: Versions): void {
  const entry = former.raw.payload.supportedOS ?? {};
  for (const part of ["payloadkeys", "responsekeys"] as const) {
    const before = former.raw[part];
    if (before !== undefined) raw[part] = merged(raw[part] ?? [], before, entry, versions, new Set());
  }
}

/** Lists may hold themselves: each is looked at once. */
function merged(
  now: RawKey[],
  before: readonly RawKey[],
  entry: RawOs,
  versions: Versions,
  seen: Set<unknown>,
): RawKey[] {
  if (seen.has(before)) return now;
  seen.add(before);
  const kept = [...now];
  for (const former of before) {
    const present = now.find(({ key }) => key === former.key);
    if (present !== undefined) mergeInto(present, former, entry, versions, seen);
    else kept.push({ ...former, presence: "optional", supportedOS: removedKey(former, entry, versions) });
  }
  return kept;
}

function mergeInto(now: RawKey, before: RawKey, entry: RawOs, versions: Versions, seen: Set<unknown>): void {
  if (now.subkeys === undefined || before.subkeys === undefined) return;
  const [element, former] = [now.subkeys[0], before.subkeys[0]];
  // The name of an array's element is a placeholder, which may change and mean nothing.
  if (now.type === "<array>" && now.subkeys.length === 1 && before.subkeys.length === 1 && element && former)
    mergeInto(element, former, entry, versions, seen);
  else now.subkeys = merged(now.subkeys, before.subkeys, entry, versions, seen);
}

/** The key's own words, and the removal on each system where it was. */
function removedKey({ supportedOS = {} }: RawKey, entry: RawOs, versions: Versions): RawOs {
  const systems = new Set([...Object.keys(entry), ...Object.keys(supportedOS)]);
  const effective = Object.fromEntries(
    [...systems].map((system) => [system, { ...entry[system], ...supportedOS[system] }]),
  );
  const removed = removedEverywhere(effective, versions);
  return Object.fromEntries(
    [...systems].map((system) => {
      const mark = removed[system]?.removed;
      return [system, { ...supportedOS[system], ...(mark !== undefined && { removed: mark }) }];
    }),
  );
}

function removedEverywhere(supported: RawOs, versions: Versions): RawOs {
  return Object.fromEntries(
    Object.entries(supported).map(([system, facts]) => {
      const version = versions.get(system);
      const isThere = facts.introduced !== "n/a" && facts.removed === undefined;
      return [system, isThere && version !== undefined ? { ...facts, removed: version } : facts];
    }),
  );
}

/** The newest version that any file names, for each system: the files do not say which release they are. */
function newestOf(files: readonly SchemaFile[]): Versions {
  const newest = new Map<string, string>();
  const note = (supported: RawOs | undefined): void => {
    for (const [system, { introduced }] of Object.entries(supported ?? {})) {
      if (typeof introduced !== "string" || !/^\d/.test(introduced)) continue;
      if (compareVersions(introduced, newest.get(system) ?? "0") > 0) newest.set(system, introduced);
    }
  };
  const seen = new Set<RawKey>();
  const walk = (keys: readonly RawKey[] | undefined): void => {
    for (const key of keys ?? []) {
      if (seen.has(key)) continue;
      seen.add(key);
      note(key.supportedOS);
      walk(key.subkeys);
    }
  };
  for (const { raw } of files) {
    note(raw.payload.supportedOS);
    walk(raw.payloadkeys);
    walk(raw.responsekeys);
  }
  return newest;
}
