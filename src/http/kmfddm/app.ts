import { Hono } from "hono";
import { isStorageFault } from "../../db/fault.ts";
import { openDb } from "../../db/open.ts";
import type { ApiEnv } from "../api/route/api-env.ts";
import { audited } from "../api/route/audited.ts";
import { basicAuth } from "../basic-auth.ts";
import { logRequestFault } from "../fault.ts";
import { noteRoute } from "../trace.ts";
import { failed } from "./answers.ts";
import { declarations } from "./declarations.ts";
import { sets } from "./sets.ts";
import { status } from "./status.ts";

/**
 * The API of KMFDDM, so that its scripts and `syncdir.py` work on this server. https://github.com/jessepeterson/kmfddm
 *
 * The surprise: 204 and 304 say whether something changed; they have nothing to do with caches.
 */
export const kmfddm = new Hono<ApiEnv>().basePath("/v1");

kmfddm.use(async (c, next) => {
  c.set("db", openDb(c.env.DB));
  noteRoute(c);
  await next();
  c.header("Cache-Control", "no-store");
});
kmfddm.use(audited);
kmfddm.use(
  basicAuth({
    userNames: ["kmfddm", "nanohub"],
    roleFor: (c) => (c.req.method === "GET" ? "viewer" : "operator"),
    refuse: failed,
  }),
);

kmfddm.route("/", declarations);
kmfddm.route("/", sets);
kmfddm.route("/", status);

kmfddm.notFound((c) => failed(c, 404, `nothing answers ${c.req.method} ${c.req.path}`));
kmfddm.onError((fault, c) => {
  logRequestFault(fault, c);
  return isStorageFault(fault)
    ? failed(c, 503, "the database did not answer; try again in a few seconds")
    : failed(c, 500, "something failed inside");
});
