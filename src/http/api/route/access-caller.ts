import type { Context } from "hono";
import { administratorOf } from "../../../admin/sign-in/administrator.ts";
import { loadAdministrators } from "../../../admin/sign-in/administrators.ts";
import type { Caller } from "../../../admin/tokens.ts";
import { ok, type Result, refuse } from "../../../base/result.ts";
import { claimsOfAssertion } from "../../../sign-in/access.ts";
import type { Claims } from "../../../sign-in/person.ts";
import type { AccessApplication } from "../../../sign-in/provider-store.ts";
import { publicOrigin } from "../../origin.ts";
import type { ApiEnv } from "./api-env.ts";
import { problem } from "./problem.ts";
import { routeOfRequest } from "./route-line.ts";

/**
 * A person whom Cloudflare Access lets through to this API, without a token. The platform says who it is
 * (`ctx.access`), or else the assertion of the request, which is verified.
 *
 * The surprise: a browser sends Access's cookie with the requests of every site. So a request that changes something, or
 * shows a secret, must prove that a page of this server or a program sent it.
 */
export async function accessCaller(c: Context<ApiEnv>): Promise<Result<Caller, Response> | undefined> {
  const assertion = c.req.header("Cf-Access-Jwt-Assertion");
  const { access } = c.executionCtx as { access?: CloudflareAccessContext };
  if (assertion === undefined && access === undefined) return undefined;
  const now = Date.now();
  const settings = (await loadAdministrators(c.env, now))?.provider;
  if (settings?.kind !== "access") return undefined;
  if (!isFromHere(c)) return refuse(problem(c, "forbidden", fromElsewhere));
  const claims = await claimsFrom(access, settings, assertion, now);
  const found = claims.ok ? administratorOf(claims.value, settings) : claims;
  if (!found.ok) {
    const { reason, detail } = found.refusal;
    if (reason === "not-an-administrator") return refuse(problem(c, "forbidden", detail));
    const slug = reason === "provider-unreachable" ? "upstream-unreachable" : "unauthenticated";
    return refuse(problem(c, slug, `the sign-in by Cloudflare Access is not good: ${detail}`));
  }
  const { subject, name, role, rights } = found.value;
  return ok({ tokenId: `access:${subject}`, name, role, rights, by: "access", expiresAt: null });
}

async function claimsFrom(
  access: CloudflareAccessContext | undefined,
  application: AccessApplication,
  assertion: string | undefined,
  now: number,
): ReturnType<typeof claimsOfAssertion> {
  // Another application of the account may cover this address: its people are not the ones who are meant.
  const identity = access?.aud === application.client_id ? await access.getIdentity() : undefined;
  if (identity?.user_uuid === undefined) return claimsOfAssertion(application, assertion, now);
  const claims: Claims = { ...identity, sub: identity.user_uuid };
  return ok(claims);
}

const ownHeader = "X-Edgemdm-Request";

const fromElsewhere = `a browser sends this in the name of another site, or a program without the header ${ownHeader}: send it with any value, or an API token`;

/** https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html */
function isFromHere(c: Context<ApiEnv>): boolean {
  const site = c.req.header("Sec-Fetch-Site");
  const origin = c.req.header("Origin");
  if (site !== undefined && site !== "same-origin" && site !== "none") return false;
  if (origin !== undefined && origin !== publicOrigin(c)) return false;
  const isHarmless = ["GET", "HEAD"].includes(c.req.method) && routeOfRequest(c).audit !== "always";
  if (isHarmless) return true;
  // No page of another site can set a header of ours without being asked for leave (CORS), which is never given.
  return (
    site === "same-origin" ||
    (site === undefined && origin !== undefined) ||
    c.req.header(ownHeader) !== undefined
  );
}
