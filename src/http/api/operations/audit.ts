import { Hono } from "hono";
import * as v from "valibot";
import { type AuditRow, listAudit } from "../../../db/audit.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { listed } from "../route/listed.ts";
import { listQuery, pageOf } from "../route/pages.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime, Time, time } from "../route/times.ts";
import { query } from "../route/validate.ts";

const AuditEntry = v.pipe(
  v.object({
    id: v.pipe(v.number(), v.integer()),
    at: Time,
    token_id: v.string(),
    token_name: v.string(),
    role: v.string(),
    method: v.string(),
    route: v.pipe(v.string(), v.description("The pattern of the route")),
    target: v.pipe(
      v.string(),
      v.description(
        "The resource, as its path under /api/v1/; for a challenge, an invitation or a profile that names a device, it begins with the path of that device",
      ),
    ),
    outcome: v.picklist(["done", "refused", "failed"]),
    status: v.pipe(v.number(), v.integer()),
    request_id: v.string(),
    ip: v.nullable(v.string()),
    reason: v.pipe(
      v.nullable(v.string()),
      v.description("Why a person read a secret, in the person's words; null: no reason was given"),
    ),
  }),
  v.title("AuditEntry"),
);

const filters = {
  token: v.optional(v.pipe(v.string(), v.description("Only what the token with this id did"))),
  target: v.optional(
    v.pipe(
      v.string(),
      v.description("Only what was done to this resource or below it, such as `devices/ABC`"),
    ),
  ),
  since: v.optional(time("Only what happened at this time or later")),
};

export const audit = new Hono<ApiEnv>();

audit.get(
  "/",
  describeRoute("List who changed or tried to change what, newest first", { 200: pageOf(AuditEntry) }),
  allow("admin"),
  query({ ...filters, ...listQuery(AuditEntry, v.tuple([v.number()])) }),
  async (c) => {
    const { token, target, since } = c.req.valid("query");
    return listed(c, c.req.valid("query"), {
      read: (limit, after) => listAudit(c.var.db, { tokenId: token, target, since }, limit, after?.[0]),
      present,
      keyOf: (row) => [row.id],
    });
  },
);

function present(row: AuditRow): v.InferInput<typeof AuditEntry> {
  return {
    id: row.id,
    at: isoTime(row.at),
    token_id: row.tokenId,
    token_name: row.tokenName,
    role: row.role,
    method: row.method,
    route: row.route,
    target: row.target,
    outcome: outcomeOf(row.status),
    status: row.status,
    request_id: row.requestId,
    ip: row.ip,
    reason: row.reason,
  };
}

function outcomeOf(status: number): "done" | "refused" | "failed" {
  if (status < 400) return "done";
  return status < 500 ? "refused" : "failed";
}
