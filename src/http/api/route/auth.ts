import type { MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import { includesRole, type Right, type Role } from "../../../admin/roles.ts";
import { type CallerRefusal, identifyCaller } from "../../../admin/tokens.ts";
import { isOverLimit, retryAfter } from "../../rate-limit.ts";
import { trace } from "../../trace.ts";
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
    { role, problems: ["unauthenticated", "forbidden"] },
    createMiddleware<ApiEnv>(async (c, next) => {
      const presented = bearerToken(c.req.header("Authorization"));
      if (presented === undefined) {
        return problem(c, "unauthenticated", "send an API token as `Authorization: Bearer <token>`", {
          headers: { "WWW-Authenticate": 'Bearer realm="edgemdm"' },
        });
      }
      const caller = await identifyCaller(c.var.db, c.env.ADMIN_TOKEN, presented, Date.now());
      if (!caller.ok) {
        // Only who fails is counted, and a right token is always taken: nobody is locked out by others of his address.
        if (await isOverLimit(c.env.LOGIN_LIMIT, c))
          return problem(c, "too-many-log-ins", "too many failed attempts from this address: wait a minute", {
            headers: retryAfter,
          });
        return problem(c, "unauthenticated", refusals[caller.refusal.reason], {
          headers: { "WWW-Authenticate": 'Bearer realm="edgemdm", error="invalid_token"' },
        });
      }
      c.set("caller", caller.value);
      trace(c).tokenId = caller.value.tokenId;
      if (includesRole(caller.value.role, role)) return next();
      if (right !== undefined && caller.value.rights.includes(right)) return next();
      return problem(
        c,
        "forbidden",
        `this needs the role ${role}${right === undefined ? "" : ` or the right ${right}`}; the token ${JSON.stringify(caller.value.name)} has the role ${caller.value.role}`,
      );
    }),
  );

const bearerToken = (header: string | undefined): string | undefined =>
  /^Bearer +(\S+) *$/i.exec(header ?? "")?.[1];
