import type { Context, MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { includesRole, type Right, type Role } from "../../admin/roles.ts";
import type { ApiEnv } from "../api/route/api-env.ts";
import { telling } from "../api/route/route-line.ts";

/** How NanoDEP says that something failed. */
export const failed = (c: Context, status: ContentfulStatusCode, error: string): Response =>
  c.json({ error }, status);

export const needs = (role: Role): MiddlewareHandler<ApiEnv> =>
  telling(
    { role },
    createMiddleware<ApiEnv>(async (c, next) => forbidden(c, role) ?? next()),
  );

export function forbidden(c: Context<ApiEnv>, role: Role, right?: Right): Response | undefined {
  const { role: held, rights } = c.var.caller;
  if (includesRole(held, role) || (right !== undefined && rights.includes(right))) return undefined;
  return failed(c, 403, `this needs the role ${role}; the token has the role ${held}`);
}
