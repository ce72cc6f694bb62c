import type { Context, MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { includesRole, type Right, type Role } from "../../admin/roles.ts";
import { identifyCaller } from "../../admin/tokens.ts";
import type { ApiEnv } from "../api/route/api-env.ts";
import { basicPassword } from "../basic-password.ts";
import { trace } from "../trace.ts";

/** How NanoDEP says that something failed. */
export const failed = (c: Context, status: ContentfulStatusCode, error: string): Response =>
  c.json({ error }, status);

const userName = "depserver";

/** Whoever calls is known afterwards; what the role may do, each route says. */
export const basicAuth = createMiddleware<ApiEnv>(async (c, next) => {
  const password = basicPassword(c.req.header("Authorization"), userName);
  const caller =
    password === undefined
      ? undefined
      : await identifyCaller(c.var.db, c.env.ADMIN_TOKEN, password, Date.now());
  if (!caller?.ok) {
    c.header("WWW-Authenticate", `Basic realm="${userName}", charset="UTF-8"`);
    return failed(c, 401, `authenticate as ${userName} with an API token as the password`);
  }
  c.set("caller", caller.value);
  trace(c).tokenId = caller.value.tokenId;
  return next();
});

export const needs = (role: Role): MiddlewareHandler<ApiEnv> =>
  createMiddleware<ApiEnv>(async (c, next) => forbidden(c, role) ?? next());

export function forbidden(c: Context<ApiEnv>, role: Role, right?: Right): Response | undefined {
  const { role: held, rights } = c.var.caller;
  if (includesRole(held, role) || (right !== undefined && rights.includes(right))) return undefined;
  return failed(c, 403, `this needs the role ${role}; the token has the role ${held}`);
}
