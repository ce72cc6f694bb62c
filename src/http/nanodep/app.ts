import { Hono } from "hono";
import { isStorageFault } from "../../db/fault.ts";
import { openDb } from "../../db/open.ts";
import type { ApiEnv } from "../api/route/api-env.ts";
import { audited } from "../api/route/audited.ts";
import { logRequestFault } from "../fault.ts";
import { noteRoute } from "../trace.ts";
import { depserverAuth, failed } from "./answers.ts";
import { names } from "./names.ts";
import { proxy } from "./proxy.ts";
import { tokens } from "./tokens.ts";

/**
 * The API of NanoDEP, so that its scripts work on this server. A DEP name is an ADE account.
 * https://github.com/micromdm/nanodep
 *
 * The surprise: what its scripts define at Apple through the proxy has no name here; it gets one when it becomes the
 * profile that all devices are given (`assigner`).
 */
export const nanodep = new Hono<ApiEnv>();

nanodep.use(async (c, next) => {
  c.set("db", openDb(c.env.DB));
  noteRoute(c);
  await next();
  c.header("Cache-Control", "no-store");
});
nanodep.use(audited);
nanodep.use(depserverAuth);

nanodep.route("/v1", tokens);
nanodep.route("/v1", names);
nanodep.route("/proxy", proxy);

nanodep.notFound((c) => failed(c, 404, `nothing answers ${c.req.method} ${c.req.path}`));
nanodep.onError((fault, c) => {
  logRequestFault(fault, c);
  return isStorageFault(fault)
    ? failed(c, 503, "the database did not answer; try again in a few seconds")
    : failed(c, 500, "something failed inside");
});
