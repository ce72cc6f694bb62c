import { day } from "../base/time.ts";
import { isAtLeast, isVersion } from "../catalog/version.ts";
import { devicesWith, thoseWith } from "../db/channel-sets.ts";
import type { Db } from "../db/open.ts";
import { systemsOf, updateModels } from "../db/signed-systems.ts";
import {
  listPolicies,
  type PolicyRow,
  statesOf,
  type UpdateStanding,
  updateStandings,
} from "../db/software-updates.ts";
import { configurationName } from "../declarations/software-update.ts";
import { abilityOf, newestOfEach } from "../gdmf/newest.ts";
import { versionKey } from "../mdm/platform.ts";
import { modelsOf } from "../systems/ability.ts";
import { type Target, targetFor, targetsOf } from "./software-update-targets.ts";

export const installStates = ["downloading", "prepared", "installing", "waiting", "failed"] as const;

export type UpdateProgress = {
  deviceId: string;
  name: string | null;
  platform: string | null;
  osVersion: string | null;
  targetVersion: string | null;
  /** `unable`: by Apple's list no such system is made for its model. */
  state: (typeof installStates)[number] | "done" | "pending" | "not_meant" | "unable";
  declarationState: string | null;
};

/** The state of the devices that have one of the policy's sets; one page, by id. */
export async function progressOf(
  db: Db,
  policy: PolicyRow,
  { limit, after, now }: { limit: number; after: string; now: number },
): Promise<UpdateProgress[]> {
  const [targets, ids] = await Promise.all([
    targetsOf(db, policy, now),
    devicesWith(db, policy.sets, limit, after),
  ]);
  return progressOfDevices(db, policy, targets, ids, now);
}

/** The platforms where the deadline of a policy was so long ago. */
export const platformsPast = (targets: readonly Target[], now: number): string[] =>
  targets
    .filter(({ enforcement }) => enforcement && Date.parse(`${enforcement.deadline}Z`) + day < now)
    .map(({ platform }) => platform);

/** It should have the system, can have it, and has it not. */
export const isLate = ({ state, platform }: UpdateProgress, passed: readonly string[]): boolean =>
  state !== "done" &&
  state !== "not_meant" &&
  state !== "unable" &&
  platform !== null &&
  passed.includes(platform);

/** More policies than anybody has. */
const mostPolicies = 50;

/** Those of the devices that are late by some policy. */
export async function overdueAmong(db: Db, ids: readonly string[], now: number): Promise<Set<string>> {
  const late = new Set<string>();
  if (ids.length === 0) return late;
  for (const policy of await listPolicies(db, mostPolicies)) {
    const targets = await targetsOf(db, policy, now);
    const passed = platformsPast(targets, now);
    if (passed.length === 0 || policy.sets.length === 0) continue;
    const meant = await thoseWith(db, policy.sets, ids);
    const progress = await progressOfDevices(db, policy, targets, meant, now);
    for (const one of progress) if (isLate(one, passed)) late.add(one.deviceId);
  }
  return late;
}

async function progressOfDevices(
  db: Db,
  policy: PolicyRow,
  targets: readonly Target[],
  ids: readonly string[],
  now: number,
): Promise<UpdateProgress[]> {
  const names = targets.map(({ platform, audience }) =>
    configurationName(policy.name, platform, audience.suffix),
  );
  const [standings, models, states, ability] = await Promise.all([
    updateStandings(db, ids),
    updateModels(db, ids),
    statesOf(db, ids, names),
    abilities(db, targets, now),
  ]);
  const standingById = new Map(standings.map((standing) => [standing.id, standing]));
  const modelsById = new Map(models.map((row) => [row.id, modelsOf(row)]));
  const stateBy = new Map(states.map((row) => [`${row.deviceId} ${row.identifier}`, row.state]));
  return ids.map((deviceId) => {
    const standing = standingById.get(deviceId) ?? unheardOf(deviceId);
    const own = modelsById.get(deviceId) ?? [];
    const target = targetFor(targets, standing.platform, own);
    const targetVersion = target?.enforcement?.version ?? null;
    const { name, platform, osVersion } = standing;
    const isMeant = target !== undefined || platform === null;
    const state =
      targetVersion !== null && !ability(own, targetVersion)
        ? "unable"
        : stateOf(standing, targetVersion, isMeant);
    const identifier = target && configurationName(policy.name, target.platform, target.audience.suffix);
    const declarationState = stateBy.get(`${deviceId} ${identifier}`) ?? null;
    return { deviceId, name, platform, osVersion, targetVersion, state, declarationState };
  });
}

/** Whether a model can run a version, as far as is known. */
async function abilities(
  db: Db,
  targets: readonly Target[],
  now: number,
): Promise<(models: readonly string[], version: string) => boolean> {
  const platforms = [...new Set(targets.map(({ platform }) => platform))];
  const systems = await systemsOf(db, platforms);
  const newest = newestOfEach(systems, now);
  return (models, version) => abilityOf(newest, models, versionKey(version) ?? 0) !== "no";
}

/** A set may be given before the device enrols. */
const unheardOf = (id: string): UpdateStanding => ({
  id,
  platform: null,
  osVersion: null,
  name: null,
  installState: null,
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
