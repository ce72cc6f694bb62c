import { toBase64Url } from "../../base/bytes.ts";
import { hour } from "../../base/time.ts";
import { claimGrant, findToken, type GrantRow, insertGrant } from "../../db/account-grants.ts";
import { openDb } from "../../db/open.ts";
import { type Grantee, tokenHash } from "../account/grants.ts";
import { challengeOfGrant } from "../account/profile.ts";
import type { MintedChallenge } from "../challenges.ts";

/**
 * What a Mac shows when it asks for its profile after its person has signed in (Platform SSO).
 *
 * The first Mac that shows it has it: that one may ask again, since answers get lost, and gets the same challenge until it
 * has enrolled with that. For any other Mac, and afterwards, the token is worth nothing, and the person signs in again.
 */
export type SignedIn = { account: string | undefined; grant: GrantRow; again: MintedChallenge | undefined };

const lastsMs = hour;
const forgottenMs = 24 * hour;
/** No token of this kind authorizes an enrolled device, nor does such a device's token bring a Mac its profile. */
const kind = "platform-sso";

export async function platformSsoToken(
  env: Env,
  { account, ...person }: Omit<Grantee, "account"> & { account: string | null },
  now: number,
): Promise<string> {
  const token = toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
  const [id, endsAt] = [crypto.randomUUID(), now + lastsMs];
  await insertGrant(
    openDb(env.DB),
    { id, account: account ?? nobody, person: JSON.stringify(person), createdAt: now, endsAt },
    { hash: await tokenHash(token), grantId: id, kind, createdAt: now, expiresAt: endsAt },
    now - forgottenMs,
  );
  return token;
}

/** An invitation may name nobody. No account is empty. */
const nobody = "";

/** undefined: it is not ours, its time is over, another Mac has it, or this one has enrolled with it. */
export async function redeemPlatformSsoToken(
  env: Env,
  token: string,
  udid: string,
  now: number,
): Promise<SignedIn | undefined> {
  const db = openDb(env.DB);
  const found = await findToken(db, await tokenHash(token), kind, now);
  if (found === undefined || !(await claimGrant(db, found.grant.id, udid, now))) return undefined;
  const kept = await challengeOfGrant(env, found.grant, now);
  if (kept === "used") return undefined;
  return { account: found.grant.account || undefined, grant: found.grant, again: kept };
}
