import type { HeldRow, Standing } from "../db/desired-state.ts";
import { applyTogether } from "../db/directory.ts";
import { gainByFilter, loseByFilter, matchingFilters } from "../db/filters.ts";
import type { Db } from "../db/open.ts";

/**
 * The sets that a device has, after those whose filters match it now, as its row in the directory is. Whoever changes a
 * filter, a tag or an attribute has the device look again; and so does a device that has told something new of itself.
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
