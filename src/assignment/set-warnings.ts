import type { Db } from "../db/open.ts";
import { idleConfigurations, looseReferences, setsOfNobody } from "../db/sets.ts";

/** What is allowed and has no effect as it stands: said at once, since no device will ever say it. */
export type SetWarning = { code: "loose-reference" | "not-activated" | "nobody"; detail: string };

/** Of what a channel with all these sets gets. */
export async function warningsOf(db: Db, setNames: readonly string[]): Promise<SetWarning[]> {
  if (setNames.length === 0) return [];
  const [loose, idle] = await Promise.all([looseReferences(db, setNames), idleConfigurations(db, setNames)]);
  return [
    ...loose.map(({ identifier, refersTo }) => ({
      code: "loose-reference" as const,
      detail: `${identifier} refers to ${refersTo}, which these sets do not hold: give that too, or it has no effect`,
    })),
    ...idle.map((identifier) => ({
      code: "not-activated" as const,
      detail: `no activation here names the configuration ${identifier}, so it has no effect: add one, or let the set activate it ("activate": true)`,
    })),
  ];
}

export const nobodyHas = (names: readonly string[]): SetWarning => ({
  code: "nobody",
  detail: `nobody has the set ${names.join(", ")}: it has no filter and no channel is given it, so this reaches no device`,
});

/** Of one set by itself. */
export async function warningsOfSet(db: Db, name: string): Promise<SetWarning[]> {
  const [warnings, nobody] = await Promise.all([warningsOf(db, [name]), setsOfNobody(db, [name])]);
  return nobody.length > 0 ? [...warnings, nobodyHas(nobody)] : warnings;
}
