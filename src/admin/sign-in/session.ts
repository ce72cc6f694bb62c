import { fromBase64Url } from "../../acme/base64url.ts";
import { fromUtf8, sha256, toBase64Url, utf8 } from "../../base/bytes.ts";
import { ok, type Result, refuse } from "../../base/result.ts";
import { hour, minute } from "../../base/time.ts";
import type { Db } from "../../db/open.ts";
import { spendToken } from "../../db/token-exchange.ts";
import { revokeTokensOf } from "../../db/tokens.ts";
import { open, type SealKeys, seal, trusted } from "../../pki/seal.ts";
import { createToken } from "../tokens.ts";
import type { Administrator } from "./administrator.ts";
import { type Administrators, readAdministrators } from "./administrators.ts";

/**
 * A sign-in of an administrator becomes a token in two steps, each of which is sealed and kept nowhere: what the person
 * confirms in the browser, and the code that a program exchanges (RFC 6749 section 4.1, with PKCE, RFC 7636).
 */
export type Pending = {
  id: string;
  step: "confirm" | "code";
  administrator: Administrator;
  /** A digest of the settings that the person was let in by: under others the sign-in is void. */
  settings: string;
  sessionHours: number;
  /** Where the program waits; undefined: the page shows the token. */
  program: Program | undefined;
  /** SHA-256 of the browser's cookie. */
  browser: string;
  endsAt: number;
};

export type Program = { redirectUri: string; challenge: string; state: string | undefined };

const lifetimes = { confirm: 10 * minute, code: minute };
const context = { what: "administrator-sign-in", whose: [] };
const longest = 4_000;

export async function sealPending(
  keys: SealKeys,
  pending: Omit<Pending, "id" | "endsAt">,
  now: number,
): Promise<string> {
  const whole = { ...pending, id: crypto.randomUUID(), endsAt: now + lifetimes[pending.step] };
  return toBase64Url(await seal(trusted(keys), context, utf8(JSON.stringify(whole))));
}

/** undefined: it is none of ours, of another step, too old, or the settings were changed since. */
export async function openPending(
  env: Env,
  keys: SealKeys,
  step: Pending["step"],
  sealed: string,
  now: number,
): Promise<Pending | undefined> {
  const bytes = sealed.length <= longest ? fromBase64Url(sealed) : undefined;
  const opened = bytes && (await open(keys, context, bytes));
  if (!opened?.ok) return undefined;
  const pending = JSON.parse(fromUtf8(opened.value)) as Pending;
  if (pending.step !== step || pending.endsAt <= now) return undefined;
  const known = await readAdministrators(env);
  return known && pending.settings === (await digestOf(known.provider)) ? pending : undefined;
}

export const digestOf = async (settings: Administrators): Promise<string> =>
  toBase64Url(await sha256(utf8(JSON.stringify(settings))));

/** The token of a person, once for each sign-in. undefined: the sign-in was used already. */
export async function openAdministratorSession(
  db: Db,
  { id, administrator, sessionHours, endsAt }: Pending,
  now: number,
): Promise<{ token: string; expiresAt: number } | undefined> {
  if (!(await spendToken(db, `sign-in:${id}`, endsAt))) return undefined;
  const { name, role, rights, issuer, subject } = administrator;
  const expiresAt = now + sessionHours * hour;
  const origin = originOf({ issuer, subject });
  const input = { name, role, rights: [...rights], expiresAt, kind: "sign-in" as const, origin };
  const { token } = await createToken(db, input, `sign-in:${issuer}`, now);
  return { token, expiresAt };
}

/** The provider has signed the person out: so do we. */
export const endAdministratorSessions = (
  db: Db,
  { issuer, subject }: { issuer: string; subject: string },
  now: number,
): Promise<void> => revokeTokensOf(db, { kind: "sign-in", origin: originOf({ issuer, subject }) }, now);

const originOf = ({ issuer, subject }: { issuer: string; subject: string }): string =>
  JSON.stringify({ issuer, subject });

/** Whether the one who brings the code began the sign-in (RFC 7636 section 4.6). */
export async function isVerifier(verifier: string, { challenge }: Program): Promise<boolean> {
  return /^[\w.~-]{43,128}$/.test(verifier) && toBase64Url(await sha256(utf8(verifier))) === challenge;
}

/**
 * The program on the person's own computer (RFC 8252 section 7.3), or a page of this server. Never another address: the
 * token would be theirs. Not `[::1]` either, which the policy of the page that leads there cannot name.
 */
export function programOf(
  query: Record<string, string | undefined>,
  ownOrigin: string,
): Result<Program | undefined, string> {
  const {
    redirect_uri: redirectUri,
    code_challenge: challenge,
    code_challenge_method: method,
    state,
  } = query;
  if (redirectUri === undefined) return ok(undefined);
  const url = redirectUri.length <= 300 ? URL.parse(redirectUri) : null;
  const isLoopback = url?.protocol === "http:" && url.hostname === "127.0.0.1";
  if (url === null || url.hash !== "" || url.username !== "" || !(isLoopback || url.origin === ownOrigin))
    return refuse("redirect_uri must be http://127.0.0.1:<port>/…, or a page of this server");
  if (method !== "S256" || !/^[\w-]{43}$/.test(challenge ?? ""))
    return refuse(
      "code_challenge must be the SHA-256 of a verifier in base64url, and code_challenge_method S256",
    );
  if ((state?.length ?? 0) > 300) return refuse("state has more than 300 characters");
  return ok({ redirectUri: url.href, challenge: challenge ?? "", state });
}
