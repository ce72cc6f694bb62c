import { type Result, refuse } from "../base/result.ts";
import type { Claims } from "./person.ts";
import type { AccessApplication } from "./provider-store.ts";
import type { SignInRefusal } from "./refusal.ts";
import { verifyToken } from "./verify-token.ts";

/**
 * Cloudflare Access in front of a page: a person who comes through has signed in there, and the request carries an
 * assertion of who it is. It is verified like any other, because the Worker can also be reached around Access.
 * https://developers.cloudflare.com/cloudflare-one/identity/authorization-cookie/validating-json/
 */
export async function claimsOfAssertion(
  application: AccessApplication,
  assertion: string | undefined,
  now: number,
): Promise<Result<Claims, SignInRefusal>> {
  if (!assertion)
    return refuse({
      reason: "access-missing",
      detail: "the request carries no Cf-Access-Jwt-Assertion: cover this path by an Access application",
    });
  const { issuer, client_id: audience, clock_skew_seconds: skewSeconds } = application;
  const rules = { issuer, audience, skewSeconds };
  return verifyToken(assertion, `${issuer}/cdn-cgi/access/certs`, rules, now);
}
