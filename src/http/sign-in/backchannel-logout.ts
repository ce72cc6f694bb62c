import type { Context } from "hono";
import { loadAdministrators } from "../../admin/sign-in/administrators.ts";
import { endAdministratorSessions } from "../../admin/sign-in/session.ts";
import { log } from "../../base/log.ts";
import { openDb } from "../../db/open.ts";
import { deleteSessionsOf } from "../../db/sign-in.ts";
import { isSpent, spendToken } from "../../db/token-exchange.ts";
import { demandSignInOfPerson } from "../../enrollment/account/demand-sign-in.ts";
import { issuerClaimed, type Logout, verifyLogout } from "../../sign-in/backchannel-logout.ts";
import { loadProvider } from "../../sign-in/provider.ts";
import type { AppEnv } from "../app-env.ts";
import { readForm } from "../body.ts";

/**
 * A provider says that it signed a person out, or took the account away (OpenID Connect Back-Channel Logout 1.0). What
 * the person's sign-ins gave ends here as well: sessions in browsers, tokens of devices, API tokens of an administrator.
 *
 * Both providers use this one address, and may be the same provider, or the same client of it.
 */
export async function logOut(c: Context<AppEnv>): Promise<Response> {
  c.header("Cache-Control", "no-store");
  const now = Date.now();
  const token = (await readForm(c.req.raw, largestForm))?.get("logout_token");
  if (!token) return refused(c, "the form has no logout_token, or is too large");
  const issuer = issuerClaimed(token);
  const [people, administrators] = await Promise.all([
    loadProvider(c.env, now),
    loadAdministrators(c.env, now),
  ]);
  const groups = [
    { group: "people", client: people?.provider, end: endOfPerson },
    { group: "administrators", client: administrators?.provider, end: endOfAdministrator },
  ];
  const db = openDb(c.env.DB);
  const refusals: string[] = [];
  let isTaken = false;
  for (const { group, client, end } of groups) {
    if (client?.kind !== "oidc" || client.issuer !== issuer) continue;
    const logout = await verifyLogout(token, client, now);
    if (!logout.ok) {
      refusals.push(logout.refusal.detail);
      continue;
    }
    // Spent only after everything has ended: a try that was cut off may be made once more.
    const id = `${logout.value.id}:${group}`;
    if (await isSpent(db, id)) {
      refusals.push("this token was used already");
      continue;
    }
    await end(c.env, logout.value, now);
    await spendToken(db, id, logout.value.endsAt);
    isTaken = true;
  }
  if (isTaken) return c.body(null, 200);
  return refused(c, refusals[0] ?? "the token is not from a provider that signs people in here");
}

async function endOfPerson(env: Env, { issuer, subject, issuedAt }: Logout, now: number): Promise<void> {
  const who = { issuer, subject };
  await deleteSessionsOf(openDb(env.DB), who);
  const since = Math.min(issuedAt, now);
  const devices = await demandSignInOfPerson(env, who, { by: `sign-in:${issuer}`, since }, now);
  log({ event: "sign_in.logged_out", issuer, devices });
}

const endOfAdministrator = (env: Env, who: Logout, now: number): Promise<void> =>
  endAdministratorSessions(openDb(env.DB), who, now);

function refused(c: Context<AppEnv>, detail: string): Response {
  log({ event: "sign_in.logout_refused", detail });
  return c.json({ error: "invalid_request", error_description: detail }, 400);
}

const largestForm = 48 * 1024;
