import { Hono } from "hono";
import * as v from "valibot";
import { rights, roles } from "../../../admin/roles.ts";
import { createToken, rotateToken, tokenState } from "../../../admin/tokens.ts";
import { minute } from "../../../base/time.ts";
import { tokenKinds } from "../../../db/schema/tokens.ts";
import { changeToken, findToken, listTokens, revokeToken, type TokenRow } from "../../../db/tokens.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { idempotent } from "../route/idempotency.ts";
import { listed } from "../route/listed.ts";
import { listQuery, pageOf } from "../route/pages.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime, isoTimeOrNull, Time, TimeOrNull, time } from "../route/times.ts";
import { body, query } from "../route/validate.ts";

const Token = v.pipe(
  v.object({
    id: v.string(),
    name: v.string(),
    role: v.picklist(roles),
    rights: v.pipe(v.array(v.picklist(rights)), v.description("In addition to the role")),
    kind: v.pipe(
      v.picklist(tokenKinds),
      v.description(
        "token: made here; sign-in: of a person who signed in; exchange: of another issuer's token",
      ),
    ),
    prefix: v.pipe(v.string(), v.description("The beginning of the token, to recognise it")),
    state: v.picklist(["active", "expired", "revoked"]),
    created_at: Time,
    created_by: v.pipe(v.string(), v.description("The id of the token that created it")),
    expires_at: TimeOrNull,
    revoked_at: TimeOrNull,
    previous_until: v.pipe(
      TimeOrNull,
      v.description("The token before the last rotation is also accepted until this time"),
    ),
    last_used_at: v.pipe(TimeOrNull, v.description("To the hour")),
  }),
  v.title("Token"),
);

const CreatedToken = v.pipe(
  v.object({ ...Token.entries, token: v.pipe(v.string(), v.description("Shown only here")) }),
  v.title("CreatedToken"),
);

const tokenName = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1),
  v.maxLength(100),
  v.description("Its name, which says what it is for"),
);

const givenRights = v.pipe(
  v.array(v.picklist(rights)),
  v.transform((list) => [...new Set(list)]),
  v.description(
    "erase: EraseDevice for one device at a time; read-escrow: escrowed secrets, with an audit entry for each reading",
  ),
);

const NewToken = v.pipe(
  v.strictObject({
    name: tokenName,
    role: v.picklist(roles),
    rights: v.optional(givenRights, []),
    expires_at: v.optional(v.nullable(futureTime())),
  }),
  v.title("NewToken"),
);

const TokenChange = v.pipe(
  v.strictObject({
    name: v.optional(tokenName),
    role: v.optional(v.picklist(roles)),
    rights: v.optional(givenRights),
    expires_at: v.optional(v.nullable(futureTime())),
  }),
  v.title("TokenChange"),
);

const Rotation = v.pipe(
  v.strictObject({
    overlap_minutes: v.optional(
      v.pipe(
        v.number(),
        v.integer(),
        v.minValue(0),
        v.maxValue(7 * 24 * 60),
        v.description("How long the current token is accepted besides the new one"),
      ),
      60,
    ),
  }),
  v.title("TokenRotation"),
);

const byCreation = v.tuple([v.number(), v.string()]);

export const tokens = new Hono<ApiEnv>();

tokens.get(
  "/",
  describeRoute("List the API tokens, newest first", { 200: pageOf(Token) }),
  allow("admin"),
  query(listQuery(Token, byCreation)),
  async (c) => {
    return listed(c, c.req.valid("query"), {
      read: (limit, after) => listTokens(c.var.db, limit, after),
      present,
      keyOf: (row) => [row.createdAt, row.id],
    });
  },
);

tokens.post(
  "/",
  describeRoute("Create an API token; only this answer shows it", { 201: CreatedToken }),
  allow("admin"),
  body(NewToken),
  idempotent(),
  async (c) => {
    const { name, role, rights, expires_at } = c.req.valid("json");
    const input = { name, role, rights, expiresAt: expires_at ?? undefined };
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

tokens.patch(
  "/:id",
  describeRoute(
    "Change the name, the permissions and the end of a token",
    { 200: Token },
    { problems: ["not-found", "conflict"], detail: "The change applies from the token's next request on." },
  ),
  allow("admin"),
  body(TokenChange),
  async (c) => {
    const { expires_at: expiresAt, name, role, rights } = c.req.valid("json");
    const changes = {
      ...(name !== undefined && { name }),
      ...(role !== undefined && { role }),
      ...(rights !== undefined && { rights }),
      ...(expiresAt !== undefined && { expiresAt }),
    };
    const row = await findToken(c.var.db, c.req.param("id"));
    if (row === undefined) return problem(c, "not-found", `no token has the id ${c.req.param("id")}`);
    if (row.kind !== "token") return problem(c, "conflict", shortLived);
    const changed = Object.keys(changes).length === 0 ? row : await changeToken(c.var.db, row.id, changes);
    return changed ? c.json(present(changed)) : problem(c, "conflict", revoked);
  },
);

tokens.post(
  "/:id/rotate",
  describeRoute(
    "Replace a token by a new one; only this answer shows it",
    { 200: CreatedToken },
    {
      problems: ["not-found", "conflict"],
      detail:
        "Name, role, rights and end stay the same. The current token is also accepted during the overlap.",
    },
  ),
  allow("admin"),
  body(Rotation),
  idempotent(),
  async (c) => {
    const row = await findToken(c.var.db, c.req.param("id"));
    if (row === undefined) return problem(c, "not-found", `no token has the id ${c.req.param("id")}`);
    if (row.kind !== "token") return problem(c, "conflict", shortLived);
    const overlapMs = c.req.valid("json").overlap_minutes * minute;
    const rotated = row.revokedAt === null && (await rotateToken(c.var.db, row, overlapMs, Date.now()));
    if (!rotated) return problem(c, "conflict", revoked);
    return c.json({ ...present(rotated.row), token: rotated.token });
  },
);

const shortLived = "the token comes from a sign-in or an exchange: it can be revoked, not changed";
const revoked = "the token was revoked, or rotated by somebody else at the same time";

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
    rights: row.rights,
    kind: row.kind,
    prefix: row.prefix,
    state: tokenState(row, Date.now()),
    created_at: isoTime(row.createdAt),
    created_by: row.createdBy,
    expires_at: isoTimeOrNull(row.expiresAt),
    revoked_at: isoTimeOrNull(row.revokedAt),
    previous_until: isoTimeOrNull(row.previousUntil),
    last_used_at: isoTimeOrNull(row.lastUsedAt),
  };
}

function futureTime() {
  return v.pipe(
    time("It is refused from this time on; absent or null: never"),
    v.check((ms) => ms > Date.now(), "must lie in the future"),
  );
}
