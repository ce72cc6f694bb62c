/**
 * Two payload types are described by several files: com.apple.MCX by one for each area it manages, and
 * com.apple.extensiblesso by a general one and one for Kerberos, told apart by a required key with one value.
 * Joined, such a type takes the keys of all its files, none of them required but those that all require.
 */
import { factsFor } from "./facts.ts";
import { type KeySpec, type OsFacts, type OsTable, platforms, type Spec } from "./spec.ts";
import { isAtLeast } from "./version.ts";

const variantsOf = new WeakMap<Spec, readonly Spec[]>();
const joined = new WeakMap<Spec, Spec>();

export function joinVariants(variants: readonly Spec[]): Spec | undefined {
  const [first, ...others] = variants;
  if (!first || others.length === 0) return first;
  const known = joined.get(first);
  if (known) return known;
  const spec: Spec = {
    kind: first.kind,
    id: first.id,
    file: first.file,
    os: joinTables(variants.map(({ os }) => os)),
    keys: joinKeys(variants),
  };
  joined.set(first, spec);
  variantsOf.set(spec, variants);
  return spec;
}

/** The variant whose own mark the value bears; otherwise all of them, joined. */
export function pickVariant(spec: Spec, member: (name: string) => unknown): Spec {
  const variants = variantsOf.get(spec) ?? [];
  const picked = variants.find((variant) =>
    variant.keys.some((key) => isMark(key, variant, variants) && key.rangelist?.[0] === member(key.name)),
  );
  return picked ?? spec;
}

/** A key that every variant requires, and for which this one takes a single value that no other lists. */
function isMark({ name, required, rangelist }: KeySpec, of: Spec, variants: readonly Spec[]): boolean {
  const [value, ...more] = rangelist ?? [];
  return (
    required === true &&
    value !== undefined &&
    more.length === 0 &&
    variants.every(({ keys }) => keys.some((key) => key.name === name && key.required)) &&
    !variants.some(
      (variant) =>
        variant !== of && variant.keys.some((key) => key.name === name && key.rangelist?.includes(value)),
    )
  );
}

function joinKeys(variants: readonly Spec[]): KeySpec[] {
  const keys = new Map<string, KeySpec>();
  for (const variant of variants)
    for (const key of variant.keys) {
      const everywhere = variants.every(({ keys }) => keys.some(({ name }) => name === key.name));
      const { required, rangelist, ...rest } = key;
      // A list of one value picks a variant; joined, other values are as good.
      const list = rangelist && rangelist.length > 1 ? { rangelist } : {};
      const whole = { ...rest, ...list, os: ownTable(variant.os, key.os) };
      if (!keys.has(key.name)) keys.set(key.name, required && everywhere ? { ...whole, required } : whole);
    }
  return [...keys.values()];
}

const ownTable = (entry: OsTable, key: OsTable | undefined): OsTable =>
  Object.fromEntries(
    platforms
      .map((platform) => [platform, factsFor(entry, key, platform)] as const)
      .filter(([, facts]) => facts !== undefined),
  );

/** A platform has the type as soon as one variant is there, under the facts of the oldest. */
function joinTables(tables: readonly OsTable[]): OsTable {
  const oldest = (a: OsFacts, b: OsFacts): OsFacts =>
    a.introduced && b.introduced && isAtLeast(a.introduced, b.introduced) ? b : a;
  return Object.fromEntries(
    platforms.map((platform) => [
      platform,
      tables
        .map((table) => table[platform])
        .reduce<OsFacts | null>(
          (best, facts) => (facts && best ? oldest(best, facts) : (facts ?? best)),
          null,
        ),
    ]),
  );
}
