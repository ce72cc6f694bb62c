import { sha256, toBase64Url, toHex, utf8 } from "../../base/bytes.ts";
import { ok, type Result, refuse } from "../../base/result.ts";
import { day, hour } from "../../base/time.ts";
import {
  type AdministratorInvitationRow,
  acceptInvitation,
  countOpenInvitations,
  findOpenInvitation,
  insertAdministratorInvitation,
  noteGivenToken,
  reopenInvitation,
} from "../../db/administrator-invitations.ts";
import { type Db, openDb } from "../../db/open.ts";
import type { Claims } from "../../sign-in/person.ts";
import type { SignInRefusal } from "../../sign-in/refusal.ts";
import type { Right, Role } from "../roles.ts";
import { type Caller, createToken } from "../tokens.ts";
import { believedEmail } from "./administrator.ts";
import { type Administrators, addRule, readAdministrators } from "./administrators.ts";

/**
 * Invitations of colleagues who shall administer. The code in the link is 32 random bytes and is good once. It becomes a rule for
 * the invited address where administrators sign in by a provider, and an API token where they do not.
 *
 * The surprise: which of the two is settled when the invitation is made. A link that stands for a sign-in never gives a token,
 * also if the provider is removed in between.
 */
export type InvitationInput = {
  email: string;
  role: Role;
  rights: Right[];
  validHours: number;
  tokenDays: number;
};

export type InvitationState = "open" | "accepted" | "expired" | "withdrawn";

const mostOpen = 100;

export const stateOf = (
  { acceptedAt, withdrawnAt, expiresAt }: AdministratorInvitationRow,
  now: number,
): InvitationState => {
  if (acceptedAt !== null) return "accepted";
  if (withdrawnAt !== null) return "withdrawn";
  return expiresAt <= now ? "expired" : "open";
};

export async function inviteAdministrator(
  env: Env,
  { email, role, rights, validHours, tokenDays }: InvitationInput,
  by: Pick<Caller, "tokenId" | "name" | "by">,
  now: number,
): Promise<Result<{ row: AdministratorInvitationRow; code: string }, "too-many">> {
  const db = openDb(env.DB);
  if ((await countOpenInvitations(db, now)) >= mostOpen) return refuse("too-many");
  const code = toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
  const row: AdministratorInvitationRow = {
    id: crypto.randomUUID(),
    codeHash: await hashOf(code),
    email: email.toLowerCase(),
    role,
    rights,
    way: (await readAdministrators(env)) === undefined ? "token" : "sign-in",
    tokenDays,
    createdAt: now,
    createdBy: by.tokenId,
    invitedBy: by.by === "sign-in" || by.by === "access" ? by.name : null,
    expiresAt: now + validHours * hour,
    acceptedAt: null,
    withdrawnAt: null,
    tokenId: null,
  };
  await insertAdministratorInvitation(db, row);
  return ok({ row, code });
}

/** undefined: no open invitation has this code, or administrators have another way to sign in since. It uses up nothing. */
export async function openInvitation(
  env: Env,
  code: string,
  now: number,
): Promise<AdministratorInvitationRow | undefined> {
  if (!/^[\w-]{43}$/.test(code)) return undefined;
  const row = await findOpenInvitation(openDb(env.DB), await hashOf(code), now);
  if (row === undefined) return undefined;
  const way = (await readAdministrators(env)) === undefined ? "token" : "sign-in";
  return row.way === way ? row : undefined;
}

/** The token that the way `token` gives, once. */
export async function acceptForToken(
  db: Db,
  invitation: AdministratorInvitationRow,
  now: number,
): Promise<{ token: string; expiresAt: number } | undefined> {
  const accepted = await acceptInvitation(db, invitation.id, now);
  if (accepted === undefined) return undefined;
  const { id, email, role, rights, tokenDays } = accepted;
  const expiresAt = now + tokenDays * day;
  const { row, token } = await createToken(
    db,
    { name: email, role, rights, expiresAt },
    `invitation:${id}`,
    now,
  );
  await noteGivenToken(db, id, row.id);
  return { token, expiresAt };
}

/** The one who has signed in is the one who was invited: a rule says from now on what the address may do. */
export async function acceptForSignIn(
  env: Env,
  code: string,
  claims: Claims,
  settings: Administrators,
  now: number,
): Promise<Result<AdministratorInvitationRow, SignInRefusal>> {
  const invitation = await openInvitation(env, code, now);
  if (invitation === undefined)
    return refuse({ reason: "administrator-invitation-unknown", detail: "no open invitation has this code" });
  const { id, email, role, rights } = invitation;
  if (believedEmail(claims, settings) !== email)
    return refuse({
      reason: "administrator-invitation-of-another",
      detail: `the invitation ${id} is for another address, or the address is not verified`,
    });
  const db = openDb(env.DB);
  if ((await acceptInvitation(db, id, now)) === undefined)
    return refuse({ reason: "administrator-invitation-unknown", detail: "it was accepted at this moment" });
  if (await addRule(env, settings, { email, role, rights }, now)) return ok(invitation);
  await reopenInvitation(db, id);
  return refuse({
    reason: "administrator-invitation-unknown",
    detail: "there are too many rules for administrators, or their provider has changed",
  });
}

const hashOf = async (code: string): Promise<string> => toHex(await sha256(utf8(code)));
