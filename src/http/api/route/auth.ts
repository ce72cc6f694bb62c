import type { Context, MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import { includesRole, type Right, type Role } from "../../../admin/roles.ts";
import { type Caller, type CallerRefusal, identifyCaller } from "../../../admin/tokens.ts";
import { ok, type Result, refuse } from "../../../base/result.ts";
import { isOverLimit, retryAfter } from "../../rate-limit.ts";
import { trace } from "../../trace.ts";
import { accessCaller } from "./access-caller.ts";
import type { ApiEnv } from "./api-env.ts";
import { problem } from "./problem.ts";
import { telling } from "./route-line.ts";

const refusals: Record<CallerRefusal["reason"], string> = {
  "unknown-token": "this server does not know the token; check it for a typing error or create a new one",
  "expired-token": "the token has expired; ask an administrator for a new one",
  "rotated-token": "the token was rotated and its overlap is over; use the new one",
  "revoked-token": "the token was revoked; ask an administrator for a new one",
};

/**
 * Who may call: the token's role must include this one, or the token must have this right. On the route line it comes
 * first, after the description.
 */
export const allow = (role: Role, right?: Right): MiddlewareHandler<ApiEnv> =>
  telling(
    { role, ...(right && { right }), problems: ["unauthenticated", "forbidden"] },
    createMiddleware<ApiEnv>(async (c, next) => {
      const caller = await callerOf(c, role);
      if (!caller.ok) return caller.refusal;
      c.set("caller", caller.value);
      trace(c).tokenId = caller.value.tokenId;
      if (includesRole(caller.value.role, role)) return next();
      if (right !== undefined && caller.value.rights.includes(right)) return next();
      const who = caller.value.by === "access" ? "" : "the token ";
      return problem(
        c,
        "forbidden",
        `this needs the role ${role}${right === undefined ? "" : ` or the right ${right}`}; ${who}${JSON.stringify(caller.value.name)} has the role ${caller.value.role}`,
      );
    }),
  );

const known = new WeakMap<Request, Caller>();

/** A request to this API that another door of the Worker makes, for somebody whom that door has let in. */
export function onBehalf(caller: Caller, request: Request): Request {
  known.set(request, caller);
  return request;
}

/** By the token, or else by Cloudflare Access in front of this API. */
async function callerOf(c: Context<ApiEnv>, needed: Role): Promise<Result<Caller, Response>> {
  const letIn = known.get(c.req.raw);
  if (letIn !== undefined) return ok(letIn);
  const header = c.req.header("Authorization");
  const presented = bearerToken(header);
  if (presented === undefined) {
    const person = header === undefined ? await accessCaller(c) : undefined;
    if (person !== undefined) return person.ok ? person : ((await limited(c)) ?? person);
    return refuse(
      problem(c, "unauthenticated", "send an API token as `Authorization: Bearer <token>`", {
        headers: { "WWW-Authenticate": 'Bearer realm="edgemdm"' },
      }),
    );
  }
  // A token that was revoked a moment ago must not make itself a successor, nor read a secret.
  const askNow = needed === "admin";
  const caller = await identifyCaller(c.var.db, c.env.ADMIN_TOKEN, presented, Date.now(), { askNow });
  if (caller.ok) return caller;
  // Only who fails is counted, and a right token is always taken: nobody is locked out by others of his address.
  const tooMany = await limited(c);
  if (tooMany !== undefined) return tooMany;
  return refuse(
    problem(c, "unauthenticated", refusals[caller.refusal.reason], {
      headers: { "WWW-Authenticate": 'Bearer realm="edgemdm", error="invalid_token"' },
    }),
  );
}

async function limited(c: Context<ApiEnv>): Promise<Result<Caller, Response> | undefined> {
  const tooMany = await tooManyFailures(c);
  return tooMany && refuse(tooMany);
}

/** Counts a failed attempt; the answer once there were too many. */
export async function tooManyFailures(c: Context<ApiEnv>): Promise<Response | undefined> {
  if (!(await isOverLimit(c.env.LOGIN_LIMIT, c))) return undefined;
  const detail = "too many failed attempts from this address: wait a minute";
  return problem(c, "too-many-log-ins", detail, { headers: retryAfter });
}

const bearerToken = (header: string | undefined): string | undefined =>
  /^Bearer +(\S+) *$/i.exec(header ?? "")?.[1];
