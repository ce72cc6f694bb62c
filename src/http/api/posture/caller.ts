import type { Context, MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import type { Settings } from "../../../admin/setting-entries.ts";
import { loadSettings } from "../../../admin/settings.ts";
import { sameSecret } from "../../../base/bytes.ts";
import { claimsOfAssertion } from "../../../sign-in/access.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow, tooManyFailures } from "../route/auth.ts";
import { problem } from "../route/problem.ts";
import { telling } from "../route/route-line.ts";

/**
 * Cloudflare's posture service, or an API token. The service sends the client id and the secret of a service token. Where an
 * Access application stands in front, Access takes both and sends an assertion with the client id, which is verified.
 */
const viewer = allow("viewer");

const idHeader = "CF-Access-Client-Id";
const secretHeader = "CF-Access-Client-Secret";
const assertionHeader = "Cf-Access-Jwt-Assertion";

export const allowPosture: MiddlewareHandler<ApiEnv> = telling(
  { role: "viewer", problems: ["unauthenticated", "forbidden"] },
  createMiddleware<ApiEnv>(async (c, next) => {
    if (c.req.header("Authorization") !== undefined) return viewer(c, next);
    const settings = await loadSettings(c.env, Date.now());
    const [secret, assertion] = [c.req.header(secretHeader), c.req.header(assertionHeader)];
    if (secret === undefined && (assertion === undefined || settings.posture_access === null))
      return viewer(c, next);
    const isKnown = await isCaller(c, settings, secret, assertion);
    if (isKnown) return next();
    const detail = "this is not a service token of the setting posture_callers";
    return (
      (await tooManyFailures(c)) ??
      problem(c, "unauthenticated", detail, { headers: { "WWW-Authenticate": 'Bearer realm="edgemdm"' } })
    );
  }),
);

/** Every pair is compared, so that the time tells nothing of which one it was. */
async function isCaller(
  c: Context<ApiEnv>,
  { posture_callers: callers, posture_access: access }: Settings,
  secret: string | undefined,
  assertion: string | undefined,
): Promise<boolean> {
  if (callers === null) return false;
  if (secret !== undefined) {
    const shown = JSON.stringify([c.req.header(idHeader) ?? "", secret]);
    const same = await Promise.all(
      callers.map(({ client_id, client_secret }) =>
        sameSecret(JSON.stringify([client_id, client_secret]), shown),
      ),
    );
    return same.includes(true);
  }
  if (access === null) return false;
  const application = { kind: "access", issuer: access.issuer, client_id: access.audience } as const;
  const claims = await claimsOfAssertion({ ...application, clock_skew_seconds: 60 }, assertion, Date.now());
  return claims.ok && callers.some(({ client_id }) => client_id === claims.value.common_name);
}
