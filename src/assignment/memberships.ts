import { ok, type Result, refuse } from "../base/result.ts";
import { type ChangeOptions, deviceChanged, isBeingRemoved, setChanged } from "../db/assignment-changes.ts";
import { findDeclaration } from "../db/declarations.ts";
import { applyTogether, type Statement } from "../db/directory.ts";
import {
  addGiven,
  addMember,
  type Channel,
  dropGiven,
  dropMember,
  ensureSet,
  findMember,
  listGiven,
} from "../db/memberships.ts";
import { openDb } from "../db/open.ts";
import { startAssigning } from "../library/start-assigning.ts";

/**
 * Single changes of sets: a declaration in a set, or a set on a channel. A new set is created with its first member or its
 * first channel. Each function returns whether anything changed; if nothing did, no device is notified.
 */
export type MembershipRefusal = { reason: "unknown-declaration" | "being-removed" };

/** The software-update policy that makes the change: only the policy itself may remove what it put there. */
type OfPolicy = { policy?: string };

export async function addToSet(
  env: Env,
  setName: string,
  identifier: string,
  options: ChangeOptions & OfPolicy,
): Promise<Result<boolean, MembershipRefusal>> {
  const db = openDb(env.DB);
  const { policy = null } = options;
  const member = await findMember(db, setName, "declaration", identifier);
  if (member && (policy === null || member.policy === policy)) return ok(false);
  if (!(await findDeclaration(db, identifier))) return refuse({ reason: "unknown-declaration" });
  if (await isBeingRemoved(db, setName)) return refuse({ reason: "being-removed" });
  return ok(
    await change(env, [
      ensureSet(db, setName, options.now),
      addMember(db, setName, "declaration", identifier, policy),
      setChanged(db, setName, options),
    ]),
  );
}

export async function removeFromSet(
  env: Env,
  setName: string,
  identifier: string,
  options: ChangeOptions & OfPolicy,
): Promise<boolean> {
  const db = openDb(env.DB);
  const member = await findMember(db, setName, "declaration", identifier);
  if (!member || (options.policy === undefined && member.policy !== null)) return false;
  return change(env, [dropMember(db, setName, "declaration", identifier), setChanged(db, setName, options)]);
}

export async function giveSet(
  env: Env,
  channel: Channel,
  setName: string,
  options: ChangeOptions,
): Promise<Result<boolean, MembershipRefusal>> {
  const db = openDb(env.DB);
  if ((await listGiven(db, channel)).includes(setName)) return ok(false);
  if (await isBeingRemoved(db, setName)) return refuse({ reason: "being-removed" });
  return ok(
    await change(env, [
      ensureSet(db, setName, options.now),
      addGiven(db, channel, setName),
      deviceChanged(db, channel.deviceId, options),
    ]),
  );
}

/** Without a name: all sets that were given. */
export async function takeSet(
  env: Env,
  channel: Channel,
  setName: string | undefined,
  options: ChangeOptions,
): Promise<boolean> {
  const db = openDb(env.DB);
  const given = await listGiven(db, channel);
  if (setName === undefined ? given.length === 0 : !given.includes(setName)) return false;
  return change(env, [dropGiven(db, channel, setName), deviceChanged(db, channel.deviceId, options)]);
}

async function change(env: Env, statements: readonly Statement[]): Promise<true> {
  await applyTogether(openDb(env.DB), statements);
  await startAssigning(env);
  return true;
}
