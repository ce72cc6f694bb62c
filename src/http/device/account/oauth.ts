import type { Context } from "hono";
import { second } from "../../../base/time.ts";
import { accessMs, exchangeCode, grantCode, refreshAccess } from "../../../enrollment/account/grants.ts";
import { loadEnrollmentSettings } from "../../../enrollment/enrollment-settings.ts";
import type { AppEnv } from "../../app-env.ts";
import { readForm } from "../../body.ts";
import type { Arrival } from "../../sign-in/arrival.ts";
import { beginSignIn } from "../../sign-in/begin.ts";
import { apologize } from "../../sign-in/pages.ts";
import { clientId, redirectUrl, scope } from "../ask-to-sign-in.ts";
import { readFirst } from "./consent.ts";
import { backToDevice, granteeOf, identifierOf, withoutAccount } from "./sign-in.ts";

/**
 * A small OAuth 2 server for devices (`apple-oauth2`), in front of the provider that signs people in: providers would not send
 * anybody back to an address with Apple's scheme. The one client is Apple's, public and without PKCE; what a stolen token
 * is worth depends on the device's identity, which goes with each request.
 */
export async function authorize(c: Context<AppEnv>): Promise<Response> {
  const { response_type, client_id, redirect_uri, state = "" } = c.req.query();
  // Nobody is sent to an address that is not ours, not even with an error.
  if (client_id !== clientId || redirect_uri !== redirectUrl)
    return c.text("client_id and redirect_uri are those of WWW-Authenticate\n", 400);
  if (response_type !== "code") return sendBack(c, { error: "unsupported_response_type" }, state);
  if (state.length > longestState) return sendBack(c, { error: "invalid_request" }, "");
  const page = await readFirst(c);
  if (page) return page;
  return beginSignIn(c, { purpose: "account-oauth2", resume: state, hint: identifierOf(c) });
}

const longestState = 1_000;

export async function arriveByOAuth(
  c: Context<AppEnv>,
  { person, resume: state }: Arrival,
): Promise<Response> {
  const who = granteeOf(person);
  if (who === undefined) return apologize(c, withoutAccount);
  return sendBack(c, { code: await grantCode(c.env, who, Date.now()) }, state);
}

function sendBack(c: Context<AppEnv>, answer: Record<string, string>, state: string): Response {
  const query = new URLSearchParams({ ...answer, ...(state !== "" && { state }) });
  return backToDevice(c, `${redirectUrl}?${query}`);
}

const largestForm = 8 * 1024;

/** RFC 6749 sections 4.1.3 and 6, for the public client that Apple's is. */
export async function token(c: Context<AppEnv>): Promise<Response> {
  const sent = await readForm(c.req.raw, largestForm);
  if (sent === undefined) return refused(c, "invalid_request");
  const form = Object.fromEntries(sent);
  if (form.client_id !== undefined && form.client_id !== clientId) return refused(c, "invalid_client");
  const now = Date.now();
  switch (form.grant_type) {
    case "authorization_code": {
      if (form.client_id === undefined) return refused(c, "invalid_client");
      if (form.redirect_uri !== redirectUrl) return refused(c, "invalid_grant");
      const { account_driven } = await loadEnrollmentSettings(c.env, now);
      const tokens = await exchangeCode(c.env, form.code ?? "", account_driven.sign_in_days, now);
      if (tokens === undefined) return refused(c, "invalid_grant");
      return answer(c, { access_token: tokens.access, refresh_token: tokens.refresh });
    }
    case "refresh_token": {
      const access = await refreshAccess(c.env, form.refresh_token ?? "", now);
      return access === undefined ? refused(c, "invalid_grant") : answer(c, { access_token: access });
    }
    default:
      return refused(c, "unsupported_grant_type");
  }
}

const answer = (c: Context, tokens: Record<string, string>): Response =>
  c.json({ token_type: "Bearer", scope, expires_in: accessMs / second, ...tokens }, 200, noStore);

/** Always 400: a 401 is another thing here. */
const refused = (c: Context, error: string): Response => c.json({ error }, 400, noStore);

const noStore = { "Cache-Control": "no-store", Pragma: "no-cache" };
