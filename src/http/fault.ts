import type { Context, Hono } from "hono";
import { logFault } from "../base/log.ts";
import { isStorageFault } from "../db/fault.ts";
import { isWrongMasterKey, wrongKeyRemedy } from "../db/sealing-keys.ts";
import { problem } from "./api/route/problem.ts";
import type { AppEnv } from "./app-env.ts";
import { trace } from "./trace.ts";

const retryAfterSeconds = "5";

/** An unexpected error: the log gets everything, the caller only the request id. */
export function faultProblem(fault: unknown, c: Context): Response {
  logRequestFault(fault, c);
  if (isStorageFault(fault)) {
    return problem(c, "storage-unavailable", "the database did not answer; try again in a few seconds", {
      headers: { "Retry-After": retryAfterSeconds },
    });
  }
  if (isWrongMasterKey(fault)) {
    const problems = [{ name: "MASTER_KEY", problem: fault.message, remedy: wrongKeyRemedy }];
    return problem(c, "misconfigured", fault.message, { members: { problems } });
  }
  return problem(c, "internal", `look for request_id ${trace(c).requestId} in the log of the Worker`);
}

export function logRequestFault(fault: unknown, c: Context): void {
  logFault("fault", fault, { method: c.req.method, request_id: trace(c).requestId });
}

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

/** 405 with the methods of the route, or 404; always a problem document. */
export const noSuchRoute =
  <E extends AppEnv>(app: Hono<E>) =>
  (c: Context): Response => {
    const taken = methods.filter((method) =>
      app.router.match(method, c.req.path)[0].some(([[, route]]) => route.method !== "ALL"),
    );
    if (taken.length === 0) return problem(c, "not-found", `nothing answers at ${c.req.path}`);
    const allow = taken.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])).join(", ");
    return problem(c, "method-not-allowed", `${c.req.path} takes ${allow}, not ${c.req.method}`, {
      headers: { Allow: allow },
    });
  };
