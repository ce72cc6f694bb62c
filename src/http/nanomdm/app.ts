import { Hono } from "hono";
import { isStorageFault } from "../../db/fault.ts";
import { openDb } from "../../db/open.ts";
import type { ApiEnv } from "../api/route/api-env.ts";
import { audited } from "../api/route/audited.ts";
import { basicAuth } from "../basic-auth.ts";
import { logRequestFault } from "../fault.ts";
import { noteRoute } from "../trace.ts";
import { failed } from "./answers.ts";
import { enqueue } from "./enqueue.ts";
import { migration } from "./migration.ts";
import { push } from "./push.ts";
import { pushCertificate } from "./push-certificate.ts";

/**
 * The API of NanoMDM, so that its tools and what was written for it work on this server. https://github.com/micromdm/nanomdm
 *
 * It is no second way around the rules: roles, confirmations and the audit log are those of `/api/v1`.
 * The surprise: most routes take any method, since NanoMDM's do.
 */
export const nanomdm = new Hono<ApiEnv>();

nanomdm.use(async (c, next) => {
  c.set("db", openDb(c.env.DB));
  // Commands and pushes come with GET too.
  c.set("audit", c.req.path === "/v1/pushcert" ? "by-method" : "always");
  noteRoute(c);
  await next();
  c.header("Cache-Control", "no-store");
});
nanomdm.use(audited);
nanomdm.use(
  basicAuth({
    userNames: ["nanomdm", "nanohub"],
    roleFor: (c) => {
      if (c.req.path === "/migration") return "admin";
      if (c.req.path === "/v1/pushcert") return c.req.method === "GET" ? "viewer" : "admin";
      return c.req.path.startsWith("/v1/enqueue/") ? "helpdesk" : "operator";
    },
    refuse: failed,
  }),
);

nanomdm.route("/", pushCertificate);
nanomdm.route("/", push);
nanomdm.route("/", enqueue);
nanomdm.route("/", migration);

nanomdm.notFound((c) => failed(c, 404, `nothing answers ${c.req.method} ${c.req.path}`));
nanomdm.onError((fault, c) => {
  logRequestFault(fault, c);
  return isStorageFault(fault)
    ? failed(c, 503, "the database did not answer; try again in a few seconds")
    : failed(c, 500, "something failed inside");
});
