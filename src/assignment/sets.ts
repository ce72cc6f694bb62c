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
  type AppMembers,
  dropSet,
  existingSets,
  findSet,
  type MemberLists,
  missingApps,
  missingMembers,
  type NewSet,
  noMembers,
  putSet,
  type SetMembers,
  type SetWhole,
} from "../db/sets.ts";
import { startAssigning } from "../library/start-assigning.ts";
import { type AskedPlan, type Begun, isQuiet } from "../rollouts/begin.ts";
import { beginSetContent } from "../rollouts/new-content.ts";
import { startRollouts } from "../rollouts/start.ts";
import { type SetWarning, warningsForDevice, warningsOfSet } from "./set-warnings.ts";

/** Changes of sets and of who has them. Each is written with a note of the affected channels; the job does the rest. */
export type SetRefusal =
  | { reason: "unknown-members"; profiles: string[]; declarations: string[]; apps: string[] }
  | { reason: "being-removed" }
  | { reason: "too-many-rules"; most: number };

export type SavedSet = {
  set: SetWhole;
  isNew: boolean;
  warnings: SetWarning[];
  /** The rollout that brings its content to devices ring by ring; undefined: they get it at once. */
  rollout?: string | undefined;
};

/** Saves the new state of a set. Saving the same again changes nothing and notifies nobody. */
export async function saveSet(
  env: Env,
  input: NewSet & { quiet?: boolean | undefined; by: string; rollout?: AskedPlan },
  now: number,
): Promise<Result<SavedSet, SetRefusal>> {
  const db = openDb(env.DB);
  const { apps } = input;
  const [before, missing, noApps, isGoing] = await Promise.all([
    findSet(db, input.name),
    missingMembers(db, everyMember(input.members)),
    missingApps(db, [...(apps?.required ?? []), ...(apps?.optional ?? [])]),
    isBeingRemoved(db, input.name),
  ]);
  if (missing.profiles.length > 0 || missing.declarations.length > 0 || noApps.length > 0)
    return refuse({ reason: "unknown-members", ...missing, apps: noApps });
  if (isGoing) return refuse({ reason: "being-removed" });
  if (input.rule && (await countFilters(db, input.name)) >= mostFilters)
    return refuse({ reason: "too-many-rules", most: mostFilters });
  const note = { now, ...(input.quiet && { quiet: true }) };
  const hasOtherMembers = membersDiffer(before, input);
  const isOtherwise =
    activationDiffers(before, input) || namingDiffers(before, input) || appsDiffer(before, input);
  const hasOthers = hasOtherMembers || isOtherwise;
  const isOtherRule = ruleDiffers(before, input);
  const begun = hasOtherMembers ? await beginContent(env, db, before, input, now) : undefined;
  const isHeldBack = begun !== undefined && isQuiet(begun) && !isOtherwise && !offersDiffer(before, input);
  await applyTogether(db, [
    ...(begun?.statements ?? []),
    ...putSet(db, input, now),
    ...(hasOthers && !isHeldBack ? [setChanged(db, input.name, note)] : []),
    ...(isOtherRule ? [ruleChanged(db, input.name, note)] : []),
  ]);
  if (hasOthers || isOtherRule) await startAssigning(env);
  if (begun?.id !== undefined) await startRollouts(env);
  const [set, warnings] = await Promise.all([findSet(db, input.name), warningsOfSet(env, db, input.name)]);
  if (set === undefined) return refuse({ reason: "being-removed" });
  return ok({ set, isNew: before === undefined, warnings, rollout: begun?.id });
}

/** What a policy has put there is not in the list. */
function beginContent(
  env: Env,
  db: Db,
  before: SetWhole | undefined,
  { name, members, by, rollout }: NewSet & { by: string; rollout?: AskedPlan },
  now: number,
): Promise<Begun> {
  const owned = new Set(before?.byPolicy.flatMap(({ declarations }) => declarations));
  const declarations = members.declarations.filter((identifier) => !owned.has(identifier));
  const change = {
    name,
    before: before?.members ?? noMembers,
    after: { profiles: members.profiles, declarations },
  };
  return beginSetContent(env, db, change, { by, asked: rollout }, now);
}

const everyMember = ({ profiles, declarations, optional }: SetMembers): MemberLists => ({
  profiles: [...profiles, ...optional.profiles],
  declarations: [...declarations, ...optional.declarations],
});

const membersDiffer = (before: SetWhole | undefined, input: NewSet): boolean =>
  offersDiffer(before, input) || listsDiffer(before, before?.members ?? noMembers, input.members);

const offersDiffer = (before: SetWhole | undefined, { members }: NewSet): boolean =>
  listsDiffer(before, before?.members.optional ?? noMembers.optional, members.optional);

/** What a policy has put there is not in the lists. */
function listsDiffer(set: SetWhole | undefined, before: MemberLists, after: MemberLists): boolean {
  const owned = new Set(set?.byPolicy.flatMap(({ declarations }) => declarations));
  const listed = (all: MemberLists) =>
    JSON.stringify([
      [...new Set(all.profiles)].sort(),
      [...new Set(all.declarations)].filter((identifier) => !owned.has(identifier)).sort(),
    ]);
  return listed(before) !== listed(after);
}

const activationDiffers = (before: SetWhole | undefined, { activate, predicate }: NewSet): boolean =>
  (before?.row.activate ?? false) !== (activate ?? false) ||
  (before?.row.predicate ?? null) !== (predicate ?? null);

const appsDiffer = (before: SetWhole | undefined, { apps }: NewSet): boolean => {
  const listed = (all: AppMembers | undefined) =>
    JSON.stringify([[...new Set(all?.required)].sort(), [...new Set(all?.optional)].sort()]);
  return apps !== undefined && listed(before?.apps) !== listed(apps);
};

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
