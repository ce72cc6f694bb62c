import { ok, type Result, refuse } from "../base/result.ts";
import type { ChannelName } from "../db/affected-channels.ts";
import {
  deviceChanged,
  devicesChanged,
  isBeingRemoved,
  ruleChanged,
  setChanged,
  setRemoved,
} from "../db/assignment-changes.ts";
import {
  channelsWith,
  giveSets,
  giveToMany,
  setsOfDevice,
  takeFromMany,
  unknownChannels,
} from "../db/channel-sets.ts";
import { applyTogether } from "../db/directory.ts";
import { countFilters, mostFilters } from "../db/filters.ts";
import { type Db, openDb } from "../db/open.ts";
import {
  dropSet,
  existingSets,
  findSet,
  missingMembers,
  type NewSet,
  putSet,
  type SetWhole,
} from "../db/sets.ts";
import { startAssigning } from "../library/start-assigning.ts";
import { type SetWarning, warningsForDevice, warningsOfSet } from "./set-warnings.ts";

/** Changes of sets and of who has them. Each is written with a note of the affected channels; the job does the rest. */
export type SetRefusal =
  | { reason: "unknown-members"; profiles: string[]; declarations: string[] }
  | { reason: "being-removed" }
  | { reason: "too-many-rules"; most: number };

export type SavedSet = { set: SetWhole; isNew: boolean; warnings: SetWarning[] };

/** Saves the new state of a set. Saving the same again changes nothing and notifies nobody. */
export async function saveSet(
  env: Env,
  input: NewSet & { quiet?: boolean | undefined },
  now: number,
): Promise<Result<SavedSet, SetRefusal>> {
  const db = openDb(env.DB);
  const [before, missing, isGoing] = await Promise.all([
    findSet(db, input.name),
    missingMembers(db, input.members),
    isBeingRemoved(db, input.name),
  ]);
  if (missing.profiles.length > 0 || missing.declarations.length > 0)
    return refuse({ reason: "unknown-members", ...missing });
  if (isGoing) return refuse({ reason: "being-removed" });
  if (input.rule && (await countFilters(db, input.name)) >= mostFilters)
    return refuse({ reason: "too-many-rules", most: mostFilters });
  const note = { now, ...(input.quiet && { quiet: true }) };
  const hasOthers =
    membersDiffer(before, input) || activationDiffers(before, input) || namingDiffers(before, input);
  const isOtherRule = ruleDiffers(before, input);
  await applyTogether(db, [
    ...putSet(db, input, now),
    ...(hasOthers ? [setChanged(db, input.name, note)] : []),
    ...(isOtherRule ? [ruleChanged(db, input.name, note)] : []),
  ]);
  if (hasOthers || isOtherRule) await startAssigning(env);
  const [set, warnings] = await Promise.all([findSet(db, input.name), warningsOfSet(env, db, input.name)]);
  if (set === undefined) return refuse({ reason: "being-removed" });
  return ok({ set, isNew: before === undefined, warnings });
}

function membersDiffer(before: SetWhole | undefined, { members }: NewSet): boolean {
  const owned = new Set(before?.byPolicy.flatMap(({ declarations }) => declarations));
  const listed = (all: { profiles: readonly string[]; declarations: readonly string[] }) =>
    JSON.stringify([
      [...new Set(all.profiles)].sort(),
      [...new Set(all.declarations)].filter((identifier) => !owned.has(identifier)).sort(),
    ]);
  return listed(before?.members ?? { profiles: [], declarations: [] }) !== listed(members);
}

const activationDiffers = (before: SetWhole | undefined, { activate, predicate }: NewSet): boolean =>
  (before?.row.activate ?? false) !== (activate ?? false) ||
  (before?.row.predicate ?? null) !== (predicate ?? null);

const namingDiffers = (before: SetWhole | undefined, { deviceName }: NewSet): boolean =>
  (before?.row.deviceName ?? null) !== (deviceName ?? null);

const ruleDiffers = (before: SetWhole | undefined, { filter }: NewSet): boolean =>
  inOrder(before?.row.filter ?? null) !== inOrder(filter);

const inOrder = (filter: NewSet["filter"]): string =>
  JSON.stringify(filter && Object.entries(filter).sort(([a], [b]) => (a < b ? -1 : 1)));

/** With `force` also a set that channels have: it is taken from each of them. */
export async function deleteSet(
  env: Env,
  name: string,
  { force }: { force: boolean },
  now: number,
): Promise<Result<undefined, { reason: "unknown" | "in-use" }>> {
  const db = openDb(env.DB);
  const [before, [user]] = await Promise.all([findSet(db, name), channelsWith(db, name, 1)]);
  if (before === undefined) return refuse({ reason: "unknown" });
  if (user !== undefined && !force) return refuse({ reason: "in-use" });
  await applyTogether(db, [...dropSet(db, name), setRemoved(db, name, { now })]);
  await startAssigning(env);
  return ok(undefined);
}

/** The sets of one channel, and why it has them. */
export type HeldSet = { name: string; given: boolean; byRule: boolean };

export async function heldSets(db: Db, deviceId: string, userId: string): Promise<HeldSet[]> {
  const rows = (await setsOfDevice(db, deviceId)).filter((row) => row.userId === userId);
  return [...Map.groupBy(rows, ({ setName }) => setName)].map(([name, sources]) => ({
    name,
    given: sources.some(({ source }) => source === "given"),
    byRule: sources.some(({ source }) => source === "rule"),
  }));
}

/** All sets that are given to this channel; they replace the earlier ones. */
export async function giveChannelSets(
  env: Env,
  { deviceId, userId }: { deviceId: string; userId: string },
  names: readonly string[],
  now: number,
): Promise<Result<{ sets: HeldSet[]; warnings: SetWarning[] }, { reason: "unknown-sets"; names: string[] }>> {
  const db = openDb(env.DB);
  const known = new Set(await existingSets(db, names));
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length > 0) return refuse({ reason: "unknown-sets", names: unknown });
  await applyTogether(db, [...giveSets(db, deviceId, userId, names), deviceChanged(db, deviceId, { now })]);
  await startAssigning(env);
  const sets = await heldSets(db, deviceId, userId);
  const warnings = await warningsForDevice(
    env,
    db,
    deviceId,
    sets.map(({ name }) => name),
  );
  return ok({ sets, warnings });
}

/** Gives a set to many channels and takes it from others; their other sets stay. Unknown channels are ignored. */
export async function changeHolders(
  env: Env,
  name: string,
  { give, take }: { give: readonly ChannelName[]; take: readonly ChannelName[] },
  now: number,
): Promise<Result<{ unknown: ChannelName[] }, { reason: "unknown" }>> {
  const db = openDb(env.DB);
  const [known, unknown] = await Promise.all([existingSets(db, [name]), unknownChannels(db, give)]);
  if (known.length === 0) return refuse({ reason: "unknown" });
  const keyOf = ({ deviceId, userId }: ChannelName) => JSON.stringify([deviceId, userId]);
  const strangers = new Set(unknown.map(keyOf));
  const given = give.filter((channel) => !strangers.has(keyOf(channel)));
  const deviceIds = [...new Set([...given, ...take].map(({ deviceId }) => deviceId))];
  await applyTogether(db, [
    giveToMany(db, name, given),
    takeFromMany(db, name, take),
    devicesChanged(db, deviceIds, { now }),
  ]);
  await startAssigning(env);
  return ok({ unknown });
}
