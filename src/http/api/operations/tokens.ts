import { Hono } from "hono";
import * as v from "valibot";
import { roles } from "../../../admin/roles.ts";
import { createToken, tokenState } from "../../../admin/tokens.ts";
import { findToken, listTokens, revokeToken, type TokenRow } from "../../../db/tokens.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { idempotent } from "../route/idempotency.ts";
import { page, pageOf, pageQuery } from "../route/pages.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime, isoTimeOrNull, Time, TimeOrNull, time } from "../route/times.ts";
import { body, query } from "../route/validate.ts";

const Token = v.pipe(
  v.object({
    id: v.string(),
    name: v.string(),
    role: v.picklist(roles),
    prefix: v.pipe(v.string(), v.description("How the token begins, to recognise it")),
    state: v.picklist(["active", "expired", "revoked"]),
    created_at: Time,
    created_by: v.pipe(v.string(), v.description("The id of the token that created it")),
    expires_at: TimeOrNull,
    revoked_at: TimeOrNull,
    last_used_at: v.pipe(TimeOrNull, v.description("To the hour")),
  }),
  v.title("Token"),
);

const CreatedToken = v.pipe(
  v.object({ ...Token.entries, token: v.pipe(v.string(), v.description("Shown this once")) }),
  v.title("CreatedToken"),
);

const NewToken = v.pipe(
  v.strictObject({
    name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(100), v.description("What it is for")),
    role: v.picklist(roles),
    expires_at: v.optional(v.nullable(futureTime())),
  }),
  v.title("NewToken"),
);

const byCreation = v.tuple([v.number(), v.string()]);

export const tokens = new Hono<ApiEnv>();

tokens.get(
  "/",
  describeRoute("List the API tokens, newest first", { 200: pageOf(Token) }),
  allow("admin"),
  query(pageQuery(byCreation)),
  async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const rows = await listTokens(c.var.db, limit + 1, cursor);
    return c.json(page(rows, limit, present, (row) => [row.createdAt, row.id]));
  },
);

tokens.post(
  "/",
  describeRoute("Create an API token; the answer is the only place that shows it", { 201: CreatedToken }),
  allow("admin"),
  body(NewToken),
  idempotent(),
  async (c) => {
    const { name, role, expires_at } = c.req.valid("json");
    const input = { name, role, expiresAt: expires_at ?? undefined };
    const { row, token } = await createToken(c.var.db, input, c.var.caller.tokenId, Date.now());
    return c.json({ ...present(row), token }, 201, { Location: `/api/v1/tokens/${row.id}` });
  },
);

tokens.get(
  "/:id",
  describeRoute("Read one API token", { 200: Token }, { problems: ["not-found"] }),
  allow("admin"),
  async (c) => {
    const row = await findToken(c.var.db, c.req.param("id"));
    return row ? c.json(present(row)) : problem(c, "not-found", `no token has the id ${c.req.param("id")}`);
  },
);

tokens.delete(
  "/:id",
  describeRoute("Revoke an API token; it stays listed", { 204: "Revoked" }, { problems: ["not-found"] }),
  allow("admin"),
  async (c) => {
    const row = await findToken(c.var.db, c.req.param("id"));
    if (row === undefined) return problem(c, "not-found", `no token has the id ${c.req.param("id")}`);
    await revokeToken(c.var.db, row.id, Date.now());
    return c.body(null, 204);
  },
);

function present(row: TokenRow): v.InferInput<typeof Token> {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    prefix: row.prefix,
    state: tokenState(row, Date.now()),
    created_at: isoTime(row.createdAt),
    created_by: row.createdBy,
    expires_at: isoTimeOrNull(row.expiresAt),
    revoked_at: isoTimeOrNull(row.revokedAt),
    last_used_at: isoTimeOrNull(row.lastUsedAt),
  };
}

function futureTime() {
  return v.pipe(
    time("From when on it is refused; absent or null: never"),
    v.check((ms) => ms > Date.now(), "must lie in the future"),
  );
}
