import type { Bytes } from "../base/bytes.ts";
import { namedUuid } from "../base/named-uuid.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { memberChanged } from "../db/assignment-changes.ts";
import { openDb } from "../db/open.ts";
import {
  deleteProfile,
  findProfile,
  findProfileVersion,
  isUuidTaken,
  type ProfileRow,
  type ProfileUses,
  putProfile,
  setProfileEncrypted,
  usesOfProfile,
} from "../db/profiles.ts";
import { sealingKeys } from "../db/sealing-keys.ts";
import { variablesIn } from "../mdm/variables.ts";
import { sealText } from "../pki/seal.ts";
import { profileContentContext } from "../pki/seal-contexts.ts";
import type { PlistDict } from "../plist/value.ts";
import { writePlist } from "../plist/write.ts";
import { contentDigest } from "../profiles/content-digest.ts";
import { outlineOf } from "../profiles/read-profile.ts";
import { type AskedPlan, isQuiet } from "../rollouts/begin.ts";
import { beginProfileVersion } from "../rollouts/new-version.ts";
import { startRollouts } from "../rollouts/start.ts";
import { dictOf, openContent } from "./profile-content.ts";
import { startAssigning } from "./start-assigning.ts";

/** Changes of the profile library. Different content makes a new version; the same content again changes nothing. */
export type ProfileInput = {
  identifier: string;
  /** The property list without signature, and the facts read from it. */
  content: Bytes;
  dict: PlistDict;
  signedBy: string | null;
  /** undefined: unchanged. */
  encrypted?: boolean | undefined;
  /** The id of a token. */
  by: string;
  /** The plan of rings (`rollouts/begin.ts`). */
  rollout?: AskedPlan;
};

export type SavedProfile = {
  row: ProfileRow;
  outcome: "added" | "changed" | "unchanged";
  /** The rollout that brings it to devices ring by ring; undefined: they get it at once. */
  rollout?: string | undefined;
};

export type ProfileDeletionRefusal = { reason: "unknown" } | ({ reason: "in-use" } & ProfileUses);

export async function saveProfile(env: Env, input: ProfileInput, now: number): Promise<SavedProfile> {
  const digest = await contentDigest(input.dict);
  return settle(async () => {
    const db = openDb(env.DB);
    const before = await findProfile(db, input.identifier);
    const encrypted = input.encrypted ?? before?.encrypted ?? false;
    if (before?.digest === digest) {
      if (before.encrypted !== encrypted) await setProfileEncrypted(db, input.identifier, encrypted);
      return { row: { ...before, encrypted }, outcome: "unchanged" };
    }
    const { content, dict } = await withOwnUuid(env, input, digest);
    const { signedBy, by, rollout } = input;
    const text = { content, dict, digest, encrypted, signedBy, by, rollout };
    return keep(env, input.identifier, before, text, now);
  });
}

/** Saves the content of an earlier version as the newest. */
export async function restoreProfile(
  env: Env,
  {
    identifier,
    version,
    by,
    rollout,
  }: { identifier: string; version: number; by: string; rollout?: AskedPlan },
  now: number,
): Promise<Result<SavedProfile, { reason: "unknown" }>> {
  const db = openDb(env.DB);
  const former = await findProfileVersion(db, identifier, version);
  if (!former) return refuse({ reason: "unknown" });
  const content = await openContent(env, former);
  const { digest, signedBy } = former;
  const saved = await settle(async () => {
    const before = await findProfile(db, identifier);
    if (before?.digest === digest) return { row: before, outcome: "unchanged" };
    const encrypted = before?.encrypted ?? false;
    const text = { content, dict: dictOf(content), digest, encrypted, signedBy, by, rollout };
    return keep(env, identifier, before, text, now);
  });
  return ok(saved);
}

export async function removeProfile(
  env: Env,
  identifier: string,
): Promise<Result<undefined, ProfileDeletionRefusal>> {
  const db = openDb(env.DB);
  if (!(await findProfile(db, identifier))) return refuse({ reason: "unknown" });
  await deleteProfile(db, identifier);
  if (!(await findProfile(db, identifier))) return ok(undefined);
  return refuse({ reason: "in-use", ...(await usesOfProfile(db, identifier)) });
}

type Text = {
  content: Bytes;
  dict: PlistDict;
  digest: string;
  encrypted: boolean;
  signedBy: string | null;
  by: string;
  rollout: AskedPlan;
};

/** undefined: another request has just made this version. */
async function keep(
  env: Env,
  identifier: string,
  before: ProfileRow | undefined,
  { content, dict, digest, encrypted, signedBy, by, rollout }: Text,
  now: number,
): Promise<SavedProfile | undefined> {
  const version = (before?.version ?? 0) + 1;
  const row: ProfileRow = {
    identifier,
    version,
    ...outlineOf(dict),
    digest,
    sealedContent: await sealText(
      await sealingKeys(env),
      profileContentContext(identifier, version),
      content,
    ),
    variables: variablesIn(dict),
    signedBy,
    encrypted,
    size: content.length,
    createdAt: before?.createdAt ?? now,
    updatedAt: now,
    updatedBy: by,
  };
  const db = openDb(env.DB);
  const begun = await beginProfileVersion(env, db, { before, row }, { by, asked: rollout }, now);
  const note = memberChanged(db, "profile", identifier, { now });
  if (!(await putProfile(db, row, [...begun.statements, ...(isQuiet(begun) ? [] : [note])])))
    return undefined;
  await startAssigning(env);
  if (begun.id !== undefined) await startRollouts(env);
  return { row, outcome: before ? "changed" : "added", rollout: begun.id };
}

const mostTries = 5;

async function settle(attempt: () => Promise<SavedProfile | undefined>): Promise<SavedProfile> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const saved = await attempt();
    if (saved) return saved;
  }
  throw new Error("the profile changes faster than it can be saved");
}

/**
 * Devices list a profile by its PayloadUUID. People who edit a file often leave the old UUID in it; then the two contents
 * could not be distinguished. So a UUID that another content had is replaced.
 */
async function withOwnUuid(
  env: Env,
  { identifier, content, dict }: ProfileInput,
  digest: string,
): Promise<{ content: Bytes; dict: PlistDict }> {
  const { uuid } = outlineOf(dict);
  if (!(await isUuidTaken(openDb(env.DB), identifier, uuid, digest))) return { content, dict };
  const changed: PlistDict = new Map([...dict, ["PayloadUUID", await namedUuid(uuid, digest)]]);
  return { content: writePlist(changed), dict: changed };
}
