import type { KeySpec, Spec, ValueSpec } from "../../src/catalog/spec.ts";

/** Every value that an entry describes, with its names from the top; a cycle is entered once. */
export function* walk(spec: Pick<Spec, "keys">): Generator<{ value: ValueSpec; path: string[] }> {
  yield* walkKeys(spec.keys, [], new Set());
}

function* walkKeys(keys: readonly KeySpec[], path: string[], above: Set<ValueSpec>): ReturnType<typeof walk> {
  for (const key of keys) yield* walkValue(key, [...path, key.name], above);
}

function* walkValue(value: ValueSpec, path: string[], above: Set<ValueSpec>): ReturnType<typeof walk> {
  if (above.has(value)) return;
  yield { value, path };
  above.add(value);
  yield* walkKeys(value.keys ?? value.alternatives?.of ?? [], path, above);
  if (value.items) yield* walkValue(value.items, [...path, "*"], above);
  above.delete(value);
}
