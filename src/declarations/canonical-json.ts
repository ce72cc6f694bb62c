/** A JSON value. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** One spelling for each value: keys are sorted, so that their order in an upload does not matter. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner) ? sorted(inner) : inner,
  );
}

const sorted = (object: object): object =>
  Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));

const deepest = 64;

/** Whether it is nested deeper than any of Apple's schemas; later code may recurse. */
export function isTooDeep(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest) return true;
    level = level.flatMap((inner) =>
      inner !== null && typeof inner === "object" ? Object.values(inner) : [],
    );
  }
  return false;
}
