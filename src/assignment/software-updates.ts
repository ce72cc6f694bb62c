import { ok, type Result, refuse } from "../base/result.ts";
import { identifiersFrom } from "../db/declarations.ts";
import { applyTogether } from "../db/directory.ts";
import { ensureSet } from "../db/memberships.ts";
import { type Db, openDb } from "../db/open.ts";
import { existingSets, findSet, setsHolding, setsOfNobody } from "../db/sets.ts";
import { systemsOf } from "../db/signed-systems.ts";
import {
  dropRemovedPolicy,
  findPolicy,
  newestRelease,
  newestSeen,
  type PolicyRow,
  putPolicy,
  putRelease,
} from "../db/software-updates.ts";
import {
  configurationName,
  declareUpdate,
  isDeclaredFor,
  ownSetName,
  type UpdatePlatform,
  type UpdateTarget,
} from "../declarations/software-update.ts";
import { removeDeclaration, saveDeclaration } from "../library/declarations.ts";
import { noPlan } from "../rollouts/begin.ts";
import { addToSet, removeFromSet } from "./memberships.ts";
import { beginPolicyRollout } from "./policy-rollout.ts";
import { nobodyHas, type SetWarning } from "./set-warnings.ts";
import { deleteSet } from "./sets.ts";
import { confirmationOf, type Doubt, doubtsAbout } from "./software-update-doubts.ts";
import { targetsOfPlatform } from "./software-update-targets.ts";

/**
 * Policies for software updates. Their declarations are ordinary declarations of the library. The job `software-updates`
 * makes and removes them, one platform at a time, and again when a newer system is released.
 */
export type PolicyInput = {
  name: string;
  platforms: UpdatePlatform[];
  target: UpdateTarget;
  detailsUrl: string | null;
  /** Empty: the policy has its own set. */
  sets: string[];
  /** The plan of rings; null: all at once. */
  rollout: string | null;
  /** The text that confirms doubts (`software-update-doubts.ts`). */
  confirm?: string | undefined;
  by: string;
};

export type PolicyRefusal =
  | { reason: "unknown-sets"; names: string[] }
  | { reason: "doubtful"; doubts: Doubt[]; confirmation: string };

/** Only stores it; the job does the rest. */
export async function savePolicy(
  env: Env,
  input: PolicyInput,
  now: number,
): Promise<Result<{ row: PolicyRow; isNew: boolean }, PolicyRefusal>> {
  const db = openDb(env.DB);
  const { by, confirm, ...said } = input;
  const known = await existingSets(db, said.sets);
  const unknown = said.sets.filter((name) => !known.includes(name));
  if (unknown.length > 0) return refuse({ reason: "unknown-sets", names: unknown });
  const { target } = said;
  const doubts = await doubtsAbout(db, target, said.platforms, now);
  if (target.kind === "version" && doubts.length > 0 && confirm !== confirmationOf(target))
    return refuse({ reason: "doubtful", doubts, confirmation: confirmationOf(target) });
  const before = await findPolicy(db, said.name);
  const isNew = before === undefined || before.removed;
  const sets = said.sets.length > 0 ? said.sets : [ownSetName(said.name)];
  const createdAt = isNew ? now : before.createdAt;
  const row: PolicyRow = { ...said, sets, removed: false, createdAt, updatedAt: now, updatedBy: by };
  const own = said.sets.length > 0 ? [] : [ensureSet(db, ownSetName(said.name), now)];
  await applyTogether(db, [putPolicy(db, row), ...own]);
  return ok({ row, isNew });
}

/** Nobody: no device has one of its sets, and no filter can give it to one. */
export async function audienceOf(
  db: Db,
  { sets }: PolicyRow,
): Promise<{ audience: "nobody" | "devices"; warnings: SetWarning[] }> {
  const empty = await setsOfNobody(db, sets);
  return {
    audience: empty.length === sets.length ? "nobody" : "devices",
    warnings: empty.map((name) => nobodyHas([name])),
  };
}

/** A version counts as released when the first device has it, unless an administrator enters the time. */
export async function noticeRelease(env: Env, platform: UpdatePlatform, now: number): Promise<boolean> {
  const db = openDb(env.DB);
  // Apple's list says better what is out.
  if ((await systemsOf(db, [platform])).length > 0) return false;
  const [seen, known] = await Promise.all([newestSeen(db, platform), newestRelease(db, platform)]);
  if (!seen || (known && known.versionKey >= seen.versionKey)) return false;
  await putRelease(db, { platform, ...seen, releasedAt: now, source: "seen" });
  return true;
}

/** Brings the library in line with a policy, for one platform. Harmless to repeat. Says in words what a person should know. */
export async function compilePolicy(
  env: Env,
  row: PolicyRow,
  platform: UpdatePlatform,
  now: number,
): Promise<string[]> {
  const db = openDb(env.DB);
  const isMeant = !row.removed && row.platforms.includes(platform);
  const targets = isMeant ? await targetsOfPlatform(db, platform, row.target as UpdateTarget, now) : [];
  const known = [...(await existingSets(db, row.sets)), ownSetName(row.name)];
  const sets = row.sets.filter((name) => known.includes(name));
  const declarations = targets.flatMap(({ enforcement, audience }) =>
    enforcement ? declareUpdate(row.name, platform, enforcement, row.detailsUrl, audience) : [],
  );
  const way = await beginPolicyRollout(env, row, platform, { declarations, sets }, now);
  if (way === "cancelled")
    return [`its rollout on ${platform} was cancelled; save the policy again to ask for the same target`];
  for (const { identifier, ...content } of declarations) {
    // Its rollout is that of the policy.
    const terms = { by: row.updatedBy, mode: "off", rollout: noPlan } as const;
    const saved = await saveDeclaration(env, identifier, content, terms, now);
    if (!saved.ok) throw new Error(`${identifier} cannot be saved: ${saved.refusal.reason}`);
    await holdIn(env, row.name, identifier, sets, now);
  }
  const kept = declarations.map(({ identifier }) => identifier);
  await retract(env, row.name, platform, kept, now);
  return [
    ...targets
      .filter(({ withdrawn }) => withdrawn)
      .map(() => `Apple does not sign its version for ${platform} any more; nothing is asked of devices`),
    ...(kept.length > 0 ? row.sets.filter((name) => !sets.includes(name)) : []).map(
      (set) => `its set ${set} no longer exists`,
    ),
  ];
}

/** Puts it into these sets and removes it from all others of the policy. */
async function holdIn(
  env: Env,
  policy: string,
  identifier: string,
  sets: readonly string[],
  now: number,
): Promise<void> {
  const held = await setsHolding(openDb(env.DB), "declaration", identifier);
  for (const name of sets) {
    const added = await addToSet(env, name, identifier, { now, policy });
    if (!added.ok)
      throw new Error(`${identifier} cannot be put into the set ${name}: ${added.refusal.reason}`);
  }
  for (const name of held.filter((one) => !sets.includes(one)))
    await removeFromSet(env, name, identifier, { now, policy });
}

/** What was declared for the platform, and is not any more. Activations first: what they name cannot go before them. */
async function retract(
  env: Env,
  policy: string,
  platform: UpdatePlatform,
  kept: readonly string[],
  now: number,
): Promise<void> {
  const named = await identifiersFrom(openDb(env.DB), configurationName(policy, platform), mostDeclared);
  const old = named.filter((identifier) => isDeclaredFor(identifier, policy, platform)).reverse();
  for (const identifier of old.filter((one) => !kept.includes(one))) {
    await holdIn(env, policy, identifier, [], now);
    await removeDeclaration(env, identifier);
  }
}

const mostDeclared = 100;

/** The last step of removing a policy: its own set, if nothing else is in it, and its row. */
export async function forgetPolicy(env: Env, { name }: PolicyRow, now: number): Promise<void> {
  const db = openDb(env.DB);
  const own = await findSet(db, ownSetName(name));
  const isEmpty =
    own && own.members.declarations.length + own.members.profiles.length + own.byPolicy.length === 0;
  if (isEmpty) await deleteSet(env, ownSetName(name), { force: true }, now);
  await dropRemovedPolicy(db, name);
}
