import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { logFault } from "../../../base/log.ts";
import { auditStatement, insertAudit, type NewAuditRow } from "../../../db/audit.ts";
import { wakeListeners } from "../../../events/listeners.ts";
import { bringQueuedNews, leaveQueuedNews } from "../../../events/queued-news.ts";
import { trace } from "../../trace.ts";
import type { ApiEnv } from "./api-env.ts";
import { isOwnReading } from "./conditional.ts";
import { replayedHeader } from "./idempotency.ts";
import { problem } from "./problem.ts";
import { routeOfRequest } from "./route-line.ts";

const readingMethods = ["GET", "HEAD"];

/**
 * An audit entry for each change of an authenticated caller: made, refused or failed. A caller without a valid token
 * gets no entry: otherwise anybody could fill the table.
 */
export const audited = createMiddleware<ApiEnv>(async (c, next) => {
  await next();
  if (c.var.caller === undefined || c.res.headers.has(replayedHeader) || isOwnReading(c)) return;
  const rule = c.var.audit ?? routeOfRequest(c).audit ?? "by-method";
  const isReading = readingMethods.includes(c.req.method);
  if (rule === "never" || (rule === "by-method" && isReading)) return;
  const entry = entryOf(c);
  const { news } = c.var;
  try {
    if (news === undefined) await insertAudit(c.var.db, entry);
    else {
      const listeners = await bringQueuedNews(c.var.db, news, [auditStatement(c.var.db, entry)]);
      c.executionCtx.waitUntil(wakeListeners(c.env, listeners));
    }
  } catch (fault) {
    if (news !== undefined) await leaveQueuedNews(c.env, news);
    // The log is the fallback. A change has happened already, but a secret need not be shown without an entry.
    logFault("audit-not-written", fault, { ...entry, ip: undefined, reason: undefined });
    if (rule === "always" && isReading) c.res = withoutTrace(c);
  }
});

function entryOf(c: Context<ApiEnv>): NewAuditRow {
  const { tokenId, name, role } = c.var.caller;
  const { requestId, route } = trace(c);
  return {
    tokenId,
    tokenName: name,
    role,
    method: c.req.method,
    route: route ?? "none",
    target: targetOf(c),
    status: c.res.status,
    requestId,
    ip: c.req.header("CF-Connecting-IP") ?? null,
    reason: c.var.reason ?? null,
    at: Date.now(),
  };
}

// A created resource has its own address; otherwise it is the one that the request named.
function targetOf(c: Context<ApiEnv>): string {
  const created = c.res.status === 201 ? c.res.headers.get("Location") : null;
  const target = (created ?? c.req.path).replace(/^\/api\/v1\//, "");
  return c.var.about === undefined ? target : `${c.var.about}/${target}`;
}

function withoutTrace(c: Context): Response {
  c.res = undefined;
  return problem(
    c,
    "storage-unavailable",
    "the audit entry could not be written, so nothing is shown; try again",
    {
      headers: { "Retry-After": "5" },
    },
  );
}
