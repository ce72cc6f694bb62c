import { fromUtf8, sha256, toBase64Url, toHex, utf8 } from "../base/bytes.ts";
import { log } from "../base/log.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { minute } from "../base/time.ts";
import {
  findInvitationByHash,
  type InvitationRow,
  insertInvitation,
  keepLastChallenge,
  useInvitation,
} from "../db/invitations.ts";
import { type Db, openDb } from "../db/open.ts";
import { sealingKeys } from "../db/sealing-keys.ts";
import { masterKeys } from "../pki/master.ts";
import { openText, sealText } from "../pki/seal.ts";
import { lastChallengeContext } from "../pki/seal-contexts.ts";
import type { MintedChallenge } from "./challenges.ts";
import {
  type ComposedProfile,
  type ComposeRefusal,
  composeProfile,
  foreseeProfile,
  type ProfileOrder,
} from "./compose-profile.ts";
import { loadEnrollmentSettings } from "./enrollment-settings.ts";

/**
 * Invitations: links that enroll a limited number of devices until a certain time. The code in the link is 16 random
 * bytes. D1 has only its hash and looks it up by the hash, so the time of an answer reveals nothing about codes.
 *
 * A use is counted when the profile is fetched, because from then on it can be installed. A person who lost the download
 * may fetch it again for a while and gets the same challenge, so that it still gives one identity.
 */
export type InvitationInput = {
  note: string;
  serial?: string | undefined;
  /** Whether the device with this serial number may enroll with it while it is enrolled. */
  replaces?: boolean;
  account?: string | undefined;
  maxUses: number;
  expiresAt: number;
};

export type InvitationState = "active" | "used-up" | "expired" | "revoked";

export const stateOf = (
  { uses, maxUses, expiresAt, revokedAt }: InvitationRow,
  now: number,
): InvitationState => {
  if (revokedAt !== null) return "revoked";
  if (expiresAt <= now) return "expired";
  return uses < maxUses ? "active" : "used-up";
};

export async function createInvitation(
  db: Db,
  { note, serial, replaces = false, account, maxUses, expiresAt }: InvitationInput,
  createdBy: string,
  now: number,
): Promise<{ row: InvitationRow; code: string }> {
  const code = toBase64Url(crypto.getRandomValues(new Uint8Array(16)));
  const row = await insertInvitation(db, {
    id: crypto.randomUUID(),
    codeHash: await hashOf(code),
    note,
    serial: serial ?? null,
    replaces,
    account: account ?? null,
    maxUses,
    createdAt: now,
    createdBy,
    expiresAt,
  });
  return { row, code };
}

const hashOf = async (code: string): Promise<string> => toHex(await sha256(utf8(code)));

const againForMs = 10 * minute;
const longestCode = 100;

export type Ended = Exclude<InvitationState, "active"> | "unknown";

/** The invitation of a code, if it can give a profile now. */
export async function readInvitation(
  db: Db,
  code: string,
  now: number,
): Promise<Result<InvitationRow, { reason: Ended }>> {
  const row = code.length > longestCode ? undefined : await findInvitationByHash(db, await hashOf(code));
  if (row === undefined) return refuse({ reason: "unknown" });
  const state = stateOf(row, now);
  return state === "active" || (state === "used-up" && mayAskAgain(row, now))
    ? ok(row)
    : refuse({ reason: state as Ended });
}

const mayAskAgain = ({ lastUsedAt, lastChallenge }: InvitationRow, now: number): boolean =>
  lastChallenge !== null && (lastUsedAt ?? 0) + againForMs > now;

export type RedeemRefusal = { reason: Ended } | ComposeRefusal;

type RedeemOrder = Omit<ProfileOrder, "kind" | "issuedFor" | "again"> &
  Partial<Pick<ProfileOrder, "kind" | "issuedFor">>;

/** Uses the invitation once, and composes the profile it is for. */
export async function redeemInvitation(
  env: Env,
  code: string,
  order: RedeemOrder,
  now: number,
): Promise<Result<ComposedProfile, RedeemRefusal>> {
  const db = openDb(env.DB);
  const read = await readInvitation(db, code, now);
  if (!read.ok) return read;
  const { id, serial, replaces, account } = read.value;
  // What is for another device is nothing to this one.
  if (serial !== null && order.issuedFor?.serial !== undefined && order.issuedFor.serial !== serial)
    return refuse({ reason: "unknown" });
  const issuedFor = {
    ...order.issuedFor,
    ...(serial !== null && { serial }),
    ...(account !== null && { account }),
    ...(replaces && { replaces }),
  };
  const settings = await loadEnrollmentSettings(env, now);
  const full: ProfileOrder = { ...order, kind: order.kind ?? "device", issuedFor };
  // A use is not spent on a server that cannot give anything for it yet.
  const foreseen = await foreseeProfile(env, settings, full, now);
  if (!foreseen.ok) return foreseen;
  await sealingKeys(env);
  const used = await useInvitation(db, id, now);
  if (used === undefined) {
    const again = mayAskAgain(read.value, now) ? await lastChallengeOf(env, read.value) : undefined;
    return again ? composeProfile(env, { ...full, again }, now) : refuse({ reason: "used-up" });
  }
  log({ event: "enrollment.invitation_used", invitation_id: id, uses: used.uses, max_uses: used.maxUses });
  const composed = await composeProfile(env, full, now);
  if (composed.ok) await keepChallenge(env, db, id, composed.value);
  return composed;
}

async function keepChallenge(env: Env, db: Db, id: string, { challenge, expiresAt }: MintedChallenge) {
  const sealed = await sealText(await sealingKeys(env), lastChallengeContext(id), utf8(challenge));
  await keepLastChallenge(db, id, sealed, expiresAt);
}

async function lastChallengeOf(
  env: Env,
  { id, lastChallenge, lastChallengeExpiresAt }: InvitationRow,
): Promise<MintedChallenge | undefined> {
  if (lastChallenge === null || lastChallengeExpiresAt === null) return undefined;
  const opened = await openText(await masterKeys(env), lastChallengeContext(id), lastChallenge);
  if (!opened.ok) throw new Error(`cannot open the challenge of invitation ${id}: ${opened.refusal.detail}`);
  return { challenge: fromUtf8(opened.value), expiresAt: lastChallengeExpiresAt };
}
