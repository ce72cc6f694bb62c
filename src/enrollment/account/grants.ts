import { sha256, toBase64Url, toHex, utf8 } from "../../base/bytes.ts";
import { day, hour, minute } from "../../base/time.ts";
import {
  claimGrant,
  findToken,
  type GrantRow,
  insertGrant,
  insertTokens,
  type TokenRow,
  useToken,
} from "../../db/account-grants.ts";
import { openDb } from "../../db/open.ts";

/**
 * What a person's sign-in gives a device: a grant, and the tokens that show it. A grant is good for an hour until a
 * device takes it at its Authenticate; from then on it is that device's alone.
 *
 * Tokens are 32 random bytes. Devices keep them for as long as they are enrolled and show one with each request.
 */
const unclaimedMs = hour;
const codeMs = 10 * minute;
/** Of OAuth 2: a device fetches the next one by itself. */
export const accessMs = 8 * hour;

const newToken = (): string => toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
export const tokenHash = async (token: string): Promise<string> => toHex(await sha256(utf8(token)));

/** Whom a grant is for: the account, and who vouched for the person. */
export type Grantee = { account: string; issuer: string; subject: string; name: string | null };

/** `days`: after how many the person must sign in again; undefined: never. */
export async function grantByWeb(
  env: Env,
  who: Grantee,
  days: number | undefined,
  now: number,
): Promise<string> {
  return grant(env, who, "access", days === undefined ? null : now + days * day, now);
}

export const grantCode = (env: Env, who: Grantee, now: number): Promise<string> =>
  grant(env, who, "code", now + codeMs, now);

async function grant(
  env: Env,
  { account, ...person }: Grantee,
  kind: TokenRow["kind"],
  expiresAt: number | null,
  now: number,
): Promise<string> {
  const token = newToken();
  const id = crypto.randomUUID();
  await insertGrant(
    openDb(env.DB),
    { id, account, person: JSON.stringify(person), createdAt: now, endsAt: now + unclaimedMs },
    { hash: await tokenHash(token), grantId: id, kind, createdAt: now, expiresAt },
    now - day,
  );
  return token;
}

export type OAuthTokens = { access: string; refresh: string };

/** undefined: the code is none of ours, or was used. */
export async function exchangeCode(
  env: Env,
  code: string,
  days: number | undefined,
  now: number,
): Promise<OAuthTokens | undefined> {
  const db = openDb(env.DB);
  const hash = await tokenHash(code);
  const found = await findToken(db, hash, "code", now);
  if (found === undefined || !(await useToken(db, hash, "code", now))) return undefined;
  const [access, refresh] = [newToken(), newToken()];
  const grantId = found.grant.id;
  await insertTokens(db, [
    { hash: await tokenHash(access), grantId, kind: "access", createdAt: now, expiresAt: now + accessMs },
    {
      hash: await tokenHash(refresh),
      grantId,
      kind: "refresh",
      createdAt: now,
      expiresAt: days === undefined ? null : now + days * day,
    },
  ]);
  return { access, refresh };
}

/** undefined: the person must sign in again. */
export async function refreshAccess(env: Env, refresh: string, now: number): Promise<string | undefined> {
  const db = openDb(env.DB);
  const found = await findToken(db, await tokenHash(refresh), "refresh", now);
  if (found === undefined) return undefined;
  const access = newToken();
  await insertTokens(db, [
    {
      hash: await tokenHash(access),
      grantId: found.grant.id,
      kind: "access",
      createdAt: now,
      expiresAt: now + accessMs,
    },
  ]);
  return access;
}

/** Whose a token is that a device shows to get its profile. undefined: none of ours, or a device has taken it. */
export async function grantForProfile(env: Env, token: string, now: number): Promise<GrantRow | undefined> {
  const found = await findToken(openDb(env.DB), await tokenHash(token), "access", now);
  const isOpen = found !== undefined && found.grant.deviceId === null && found.grant.endsAt > now;
  return isOpen ? found.grant : undefined;
}

/** What the device's object keeps of a token that was found good. */
export type Authorization = {
  grant: string;
  account: string;
  /** Hash of the token. */
  token: string;
  issuedAt: number;
  /** null: until an administrator takes it back. */
  until: number | null;
};

/** Gives the grant behind a token to that device, once and for all. undefined: it is not for this one. */
export async function authorizeDevice(
  env: Env,
  deviceId: string,
  hash: string,
  now: number,
): Promise<Authorization | undefined> {
  const db = openDb(env.DB);
  const found = await findToken(db, hash, "access", now);
  if (found === undefined || !(await claimGrant(db, found.grant.id, deviceId, now))) return undefined;
  const { token, grant: one } = found;
  return {
    grant: one.id,
    account: one.account,
    token: hash,
    issuedAt: token.createdAt,
    until: token.expiresAt,
  };
}
