import type { Db } from "../db/open.ts";
import { idleConfigurations, looseReferences, setsOfNobody } from "../db/sets.ts";

/** Warnings for what is allowed but has no effect. They are given at once, because no device will ever report it. */
export type SetWarning = { code: "loose-reference" | "not-activated" | "nobody"; detail: string };

/** Warnings for a channel with all these sets. */
export async function warningsOf(db: Db, setNames: readonly string[]): Promise<SetWarning[]> {
  if (setNames.length === 0) return [];
  const [loose, idle] = await Promise.all([looseReferences(db, setNames), idleConfigurations(db, setNames)]);
  return [
    ...loose.map(({ identifier, refersTo }) => ({
      code: "loose-reference" as const,
      detail: `${identifier} refers to ${refersTo}, which is not in these sets: add that too, or it has no effect`,
    })),
    ...idle.map((identifier) => ({
      code: "not-activated" as const,
      detail: `no activation here names the configuration ${identifier}, so it has no effect: add one, or let the set activate it ("activate": true)`,
    })),
  ];
}

export const nobodyHas = (names: readonly string[]): SetWarning => ({
  code: "nobody",
  detail: `nobody has the set ${names.join(", ")}: it has no filter and was not given to a channel, so this reaches no device`,
});

/** Warnings for one set alone. */
export async function warningsOfSet(db: Db, name: string): Promise<SetWarning[]> {
  const [warnings, nobody] = await Promise.all([warningsOf(db, [name]), setsOfNobody(db, [name])]);
  return nobody.length > 0 ? [...warnings, nobodyHas(nobody)] : warnings;
}
