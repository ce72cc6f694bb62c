import { Hono } from "hono";
import { isStorageFault } from "../../db/fault.ts";
import { openDb } from "../../db/open.ts";
import type { ApiEnv } from "../api/route/api-env.ts";
import { audited } from "../api/route/audited.ts";
import { basicAuth } from "../basic-auth.ts";
import { logRequestFault } from "../fault.ts";
import { failed } from "../nanomdm/answers.ts";
import { noteRoute } from "../trace.ts";
import { inventory } from "./inventory.ts";
import { profiles } from "./profiles.ts";
import { workflows } from "./workflows.ts";

/**
 * What of NanoCMD's API is a view of ours: profiles, inventory, and the workflows that are one command here. The rest
 * answers 404 with what to use instead. https://github.com/micromdm/nanocmd
 */
export const nanocmd = new Hono<ApiEnv>();

nanocmd.use(async (c, next) => {
  c.set("db", openDb(c.env.DB));
  noteRoute(c);
  await next();
  c.header("Cache-Control", "no-store");
});
nanocmd.use(audited);
nanocmd.use(
  basicAuth({
    userNames: ["nanocmd", "nanohub"],
    roleFor: (c) => (c.req.method === "GET" ? "viewer" : "operator"),
    refuse: failed,
  }),
);

nanocmd.route("/", profiles);
nanocmd.route("/", inventory);
nanocmd.route("/", workflows);

const elsewhere: { [path: string]: string } = {
  "/v1/event/*":
    "events start nothing here: put profiles and declarations in a set with a filter, which holds from enrollment on; what a program must hear of comes by a webhook (POST /api/v1/webhooks)",
  "/v1/cmdplan/*":
    "there are no plans of commands here: put profiles and declarations in a set with a filter (PUT /api/v1/sets/{name})",
  "/v1/fvenable/*":
    "FileVault is switched on by a profile of the library; its key is escrowed by itself (docs/commands.md)",
};
for (const [path, detail] of Object.entries(elsewhere)) nanocmd.all(path, (c) => failed(c, 404, detail));

nanocmd.notFound((c) => failed(c, 404, `nothing answers ${c.req.method} ${c.req.path}`));
nanocmd.onError((fault, c) => {
  logRequestFault(fault, c);
  return isStorageFault(fault)
    ? failed(c, 503, "the database did not answer; try again in a few seconds")
    : failed(c, 500, "something failed inside");
});
