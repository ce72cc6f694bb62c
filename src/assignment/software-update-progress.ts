import { isAtLeast, isVersion } from "../catalog/version.ts";
import { devicesWith } from "../db/channel-sets.ts";
import type { Db } from "../db/open.ts";
import { type PolicyRow, type UpdateStanding, updateStandings } from "../db/software-updates.ts";
import { configurationName } from "../declarations/software-update.ts";
import { enforcements } from "./software-updates.ts";

export const installStates = ["downloading", "prepared", "installing", "waiting", "failed"] as const;

export type UpdateProgress = {
  deviceId: string;
  name: string | null;
  platform: string | null;
  osVersion: string | null;
  targetVersion: string | null;
  state: (typeof installStates)[number] | "done" | "pending" | "not_meant";
  declarationState: string | null;
};

/** The state of the devices that have one of the policy's sets; one page, by id. */
export async function progressOf(
  db: Db,
  policy: PolicyRow,
  limit: number,
  after: string,
): Promise<UpdateProgress[]> {
  const targets = await enforcements(db, policy);
  const ids = await devicesWith(db, policy.sets, limit, after);
  const standings = await updateStandings(db, ids, (platform) => configurationName(policy.name, platform));
  const byId = new Map(standings.map((standing) => [standing.id, standing]));
  return ids.map((deviceId) => {
    const standing = byId.get(deviceId) ?? unheardOf(deviceId);
    const target = targets.find(({ platform }) => platform === standing.platform);
    const targetVersion = target?.enforcement?.version ?? null;
    const { name, platform, osVersion, declarationState } = standing;
    const isMeant = target !== undefined || platform === null;
    const state = stateOf(standing, targetVersion, isMeant);
    return { deviceId, name, platform, osVersion, targetVersion, state, declarationState };
  });
}

/** A set may be given before the device enrols. */
const unheardOf = (id: string): UpdateStanding => ({
  id,
  platform: null,
  osVersion: null,
  name: null,
  installState: null,
  declarationState: null,
});

function stateOf(
  { osVersion, installState }: UpdateStanding,
  target: string | null,
  isMeant: boolean,
): UpdateProgress["state"] {
  if (!isMeant) return "not_meant";
  // The version that devices report does not have the supplement in brackets.
  const version = target?.replace(/ .*$/, "");
  if (osVersion && version && isVersion(osVersion) && isAtLeast(osVersion, version)) return "done";
  const told: unknown = installState === null ? undefined : JSON.parse(installState);
  return installStates.find((state) => state === told) ?? "pending";
}
