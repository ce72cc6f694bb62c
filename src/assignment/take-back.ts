import { ok, type Result, refuse } from "../base/result.ts";
import { setChanged } from "../db/assignment-changes.ts";
import { applyTogether } from "../db/directory.ts";
import { dropMember, putMember } from "../db/memberships.ts";
import { openDb } from "../db/open.ts";
import { itemsOfRollout, type RolloutItem, type RolloutRow } from "../db/rollouts.ts";
import { restoreDeclaration } from "../library/declarations.ts";
import { restoreProfile } from "../library/profiles.ts";
import { formerVersion, wasOptional } from "../rollouts/held-back.ts";

/**
 * Makes the library what it was before a rollout, item by item. While the rollout is open, that changes nothing for
 * devices that it has not reached. It may be interrupted and done again.
 */
export async function takeBack(
  env: Env,
  row: RolloutRow,
  by: string,
  now: number,
): Promise<Result<undefined, string>> {
  const db = openDb(env.DB);
  for (const item of await itemsOfRollout(db, row.id)) {
    const { kind, identifier, setName, policy } = item;
    if (item.change === "version") {
      const refusal = await restoreVersion(env, item, by, now);
      if (refusal !== undefined) return refuse(refusal);
    } else {
      const change =
        item.change === "added" && !wasOptional(item)
          ? dropMember(db, setName, kind, identifier)
          : putMember(db, setName, kind, identifier, { policy, isOptional: item.change === "added" });
      await applyTogether(db, [change, setChanged(db, setName, { now })]);
    }
  }
  return ok(undefined);
}

/** Saving the former content ends the rollout by itself, if the content is what the rollout is about. */
async function restoreVersion(
  env: Env,
  item: RolloutItem,
  by: string,
  now: number,
): Promise<string | undefined> {
  const version = formerVersion(item)?.version;
  if (version === undefined) return undefined;
  const { kind, identifier } = item;
  const restored =
    kind === "profile"
      ? await restoreProfile(env, { identifier, version, by }, now)
      : await restoreDeclaration(env, identifier, version, { by, mode: "off" }, now);
  return restored.ok ? undefined : `version ${version} of ${identifier} is not kept any more`;
}
