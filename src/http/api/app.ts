import { Hono } from "hono";
import { openDb } from "../../db/open.ts";
import { faultProblem, noSuchRoute } from "../fault.ts";
import { noteRoute } from "../trace.ts";
import type { ApiEnv } from "./api-env.ts";
import { tokens } from "./tokens.ts";

/** The admin API: an app of its own, loaded when the first administrator calls. One line a resource. */
export const api = new Hono<ApiEnv>();

api.use(async (c, next) => {
  c.set("db", openDb(c.env.DB));
  noteRoute(c);
  await next();
  c.header("Cache-Control", "no-store");
  c.header("X-Content-Type-Options", "nosniff");
});

api.route("/api/v1/tokens", tokens);

api.notFound(noSuchRoute(api));
api.onError(faultProblem);
