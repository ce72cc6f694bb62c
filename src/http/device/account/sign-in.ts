import type { Context } from "hono";
import { type Grantee, grantByWeb } from "../../../enrollment/account/grants.ts";
import { loadEnrollmentSettings } from "../../../enrollment/enrollment-settings.ts";
import type { Person } from "../../../sign-in/person.ts";
import type { AppEnv } from "../../app-env.ts";
import type { Arrival } from "../../sign-in/arrival.ts";
import { beginSignIn } from "../../sign-in/begin.ts";
import { apologize } from "../../sign-in/pages.ts";
import { readFirst } from "./consent.ts";

/** Apple's simple way (`apple-as-web`): a web page signs the person in, and gives the device its token at the end. */
export const beginByWeb = async (c: Context<AppEnv>): Promise<Response> =>
  (await readFirst(c)) ?? beginSignIn(c, { purpose: "account", resume: "", hint: identifierOf(c) });

export async function arriveByWeb(c: Context<AppEnv>, { person }: Arrival): Promise<Response> {
  const who = granteeOf(person);
  if (who === undefined) return apologize(c, withoutAccount);
  const now = Date.now();
  const { account_driven } = await loadEnrollmentSettings(c.env, now);
  const token = await grantByWeb(c.env, who, account_driven.sign_in_days, now);
  return backToDevice(c, `apple-remotemanagement-user-login://authentication-results?access-token=${token}`);
}

/** The device, which waits for exactly this status, takes the answer from its browser. */
export const backToDevice = (c: Context<AppEnv>, location: string): Response =>
  c.body(null, 308, { Location: location, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer" });

export const granteeOf = ({ account, issuer, subject, name }: Person): Grantee | undefined =>
  account === null ? undefined : { account, issuer, subject, name };

export const withoutAccount = {
  reason: "invitation-without-account",
  detail: "the invitation names no user, and an account-driven enrollment belongs to one",
} as const;

/** What the person typed in Settings, if it can be an account. */
export function identifierOf(c: Context): string | undefined {
  const typed = c.req.query("user-identifier") ?? c.req.query("login_hint");
  return typed !== undefined && typed.length <= 255 && typed.includes("@") ? typed : undefined;
}
