import { type Result, refuse } from "../base/result.ts";
import { type Person, personOf } from "./person.ts";
import type { AccessProvider } from "./provider.ts";
import type { SignInRefusal } from "./refusal.ts";
import { verifyToken } from "./verify-token.ts";

/**
 * Cloudflare Access in front of the sign-in page: whoever comes through has signed in there, and the request carries an
 * assertion of who it is. It is verified like any other, because the Worker can also be reached around Access.
 * https://developers.cloudflare.com/cloudflare-one/identity/authorization-cookie/validating-json/
 */
export async function personOfAssertion(
  provider: AccessProvider,
  assertion: string | undefined,
  now: number,
): Promise<Result<Person, SignInRefusal>> {
  if (!assertion)
    return refuse({
      reason: "access-missing",
      detail: "the request carries no Cf-Access-Jwt-Assertion: protect /sign-in by an Access application",
    });
  const { issuer, client_id: audience, clock_skew_seconds: skewSeconds } = provider;
  const rules = { issuer, audience, skewSeconds };
  const verified = await verifyToken(assertion, `${issuer}/cdn-cgi/access/certs`, rules, now);
  if (!verified.ok) return verified;
  return personOf("access", issuer, verified.value, provider);
}
