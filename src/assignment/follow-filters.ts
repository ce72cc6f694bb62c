import type { HeldRow, Standing } from "../db/desired-state.ts";
import { applyTogether } from "../db/directory.ts";
import { gainByFilter, loseByFilter, matchingFilters } from "../db/filters.ts";
import type { Db } from "../db/open.ts";

/**
 * The sets that a device has, updated by the filters that match its row in the directory now. A change of a filter, a tag
 * or an attribute makes the device reconcile, and so does a new fact that the device reports.
 */
export async function followFilters(
  db: Db,
  deviceId: string,
  { held, rules }: Pick<Standing, "held" | "rules">,
  identifiers: "proven" | "reported",
): Promise<HeldRow[]> {
  const before = held.filter(({ source }) => source === "rule").map(({ setName }) => setName);
  const matching = await matchingFilters(db, deviceId, rules, identifiers);
  const after = matching.map(({ name }) => name);
  const lost = before.filter((name) => !after.includes(name));
  await applyTogether(db, [
    ...matching
      .filter(({ name }) => !before.includes(name))
      .map((rule) => gainByFilter(db, rule, [deviceId])),
    ...lost.map((name) => {
      const rule = rules.find((one) => one.name === name);
      return loseByFilter(db, name, rule, [deviceId]);
    }),
  ]);
  const byRule = after.map((setName) => ({ deviceId, userId: "", setName, source: "rule" as const }));
  return [...held.filter(({ source }) => source === "given"), ...byRule];
}
