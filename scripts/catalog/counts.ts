// How many key objects a checkout holds, by the rule that lets a reader compare two releases: a key object counts
// once for every place it is reached; one that is already on the way there is not entered again.
import type { SchemaFile } from "./checkout.ts";
import type { RawKey } from "./raw.ts";

export type KeyCount = {
  expanded: number;
  unique: number;
  top: number;
};

export type FolderCount = {
  files: number;
  payloadkeys: KeyCount;
  responsekeys: KeyCount;
};

export function countKeys(files: readonly SchemaFile[]): Record<string, FolderCount> {
  const counts: Record<string, FolderCount> = {};
  for (const { folder, raw } of files) {
    counts[folder] ??= { files: 0, payloadkeys: nothing(), responsekeys: nothing() };
    const count = counts[folder];
    count.files += 1;
    add(count.payloadkeys, raw.payloadkeys);
    add(count.responsekeys, raw.responsekeys);
  }
  return counts;
}

const nothing = (): KeyCount => ({ expanded: 0, unique: 0, top: 0 });

function add(count: KeyCount, keys: RawKey[] | undefined): void {
  const seen = new Set<RawKey>();
  const path = new Set<RawKey>();
  const walk = (key: RawKey): void => {
    if (path.has(key)) return;
    count.expanded += 1;
    seen.add(key);
    path.add(key);
    key.subkeys?.forEach(walk);
    path.delete(key);
  };
  keys?.forEach(walk);
  count.unique += seen.size;
  count.top += keys?.length ?? 0;
}
