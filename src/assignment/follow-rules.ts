import { applyTogether } from "../db/directory.ts";
import type { Db } from "../db/open.ts";
import { gainByRule, loseByRule, matchingRules, rulesFor } from "../db/rules.ts";

/**
 * The sets that a device has because their filters match it, as its row in the directory is now. Whoever changes a
 * filter, a tag or an attribute has the device look again; and so does a device that has told something new of itself.
 */
export async function followRules(db: Db, deviceId: string): Promise<void> {
  const { rules, held } = await rulesFor(db, deviceId);
  if (rules.length === 0 && held.length === 0) return;
  const matching = await matchingRules(db, deviceId, rules);
  const names = new Set(matching.map(({ name }) => name));
  await applyTogether(db, [
    ...matching.filter(({ name }) => !held.includes(name)).map((rule) => gainByRule(db, rule, [deviceId])),
    ...held
      .filter((name) => !names.has(name))
      .map((name) =>
        loseByRule(
          db,
          name,
          rules.find((rule) => rule.name === name),
          [deviceId],
        ),
      ),
  ]);
}
