import { type Context, Hono } from "hono";
import type { Role } from "../admin/roles.ts";
import { isStorageFault } from "../db/fault.ts";
import { openDb } from "../db/open.ts";
import type { ApiEnv, AuditRule } from "./api/route/api-env.ts";
import { audited } from "./api/route/audited.ts";
import { type Asked, type BasicDoor, basicAuth } from "./basic-auth.ts";
import { logRequestFault } from "./fault.ts";
import { noteRoute } from "./trace.ts";

/** An API that is written for another tool's clients. */
type CompatibleDoor = Omit<BasicDoor, "refuse"> & {
  /** How that tool says that something failed. */
  failed: (c: Context, status: 401 | 403 | 404 | 429 | 500 | 503, error: string) => Response;
  /** Where its methods do not tell changes from reading. */
  audit?: (c: Context<ApiEnv>) => AuditRule;
};

const roles = new WeakMap<object, BasicDoor["roleFor"]>();

/** The role that a route of such an API needs at least. @internal */
export const roleNeeded = (api: Hono<ApiEnv>, asked: Asked): Role | undefined => roles.get(api)?.(asked);

/** What all of them share, with `/api/v1` too: the roles of tokens, the audit log, and no answer that is kept anywhere. */
export function compatibleApi({ failed, audit, ...door }: CompatibleDoor): Hono<ApiEnv> {
  const api = new Hono<ApiEnv>();
  api.use(async (c, next) => {
    c.set("db", openDb(c.env.DB));
    if (audit) c.set("audit", audit(c));
    noteRoute(c);
    await next();
    c.header("Cache-Control", "no-store");
  });
  roles.set(api, door.roleFor);
  api.use(audited);
  api.use(basicAuth({ ...door, refuse: failed }));
  api.notFound((c) => failed(c, 404, `nothing answers ${c.req.method} ${c.req.path}`));
  api.onError((fault, c) => {
    logRequestFault(fault, c);
    return isStorageFault(fault)
      ? failed(c, 503, "the database did not answer; try again in a few seconds")
      : failed(c, 500, "something failed inside");
  });
  return api;
}
