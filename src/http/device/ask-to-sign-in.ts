import type { Context } from "hono";
import type { AccountKind } from "../../enrollment/account/rules.ts";
import { loadEnrollmentSettings } from "../../enrollment/enrollment-settings.ts";
import { publicOrigin } from "../origin.ts";
import { authorizePath, ssoPath, tokenPath, webSignInPath } from "./account/paths.ts";

/**
 * Apple's ways of signing in on a device, told by a 401. Only who enrolls by an account, or has, may be answered so: any
 * other device would drop its management profile. So this is the one maker of such an answer.
 * https://developer.apple.com/documentation/devicemanagement/implementing-the-simple-authentication-user-enrollment-flow
 */
export const redirectUrl = "apple-remotemanagement-user-login:/oauth2/redirection";
export const clientId = "edgemdm-device";
export const scope = "MDM";

/** `kind`: what the device would be enrolled as, for the person to read first; undefined: it is enrolled. */
export async function askToSignIn(c: Context, kind?: AccountKind): Promise<Response> {
  const { account_driven } = await loadEnrollmentSettings(c.env as Env, Date.now());
  const origin = publicOrigin(c);
  const query = kind === undefined ? "" : `?kind=${kind}`;
  const challenge =
    account_driven.method === "apple-oauth2"
      ? {
          method: "apple-oauth2",
          "authorization-url": origin + authorizePath + query,
          "token-url": origin + tokenPath,
          "redirect-url": redirectUrl,
          "client-id": clientId,
          scope,
        }
      : { method: "apple-as-web", url: origin + webSignInPath + query };
  const parameters = Object.entries(challenge).map(([name, value]) => `${name}="${value}"`);
  return c.body(null, 401, {
    "WWW-Authenticate": `Bearer ${parameters.join(", ")}`,
    "Cache-Control": "no-store",
    // Only a device that is about to enroll can fetch the app.
    ...(kind !== undefined && account_driven.sso && { "X-Apple-MDM-ESSO": origin + ssoPath }),
  });
}
