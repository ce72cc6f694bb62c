import { type Context, Hono } from "hono";
import * as v from "valibot";
import { rights, roles } from "../../../admin/roles.ts";
import {
  changeExchangeRule,
  deleteExchangeRule,
  type ExchangeRuleRow,
  findExchangeRule,
  insertExchangeRule,
  listExchangeRules,
} from "../../../db/token-exchange.ts";
import { revokeTokensOf } from "../../../db/tokens.ts";
import { discoverIssuer } from "../../../sign-in/metadata.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { idempotent } from "../route/idempotency.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime, isoTimeOrNull, Time, TimeOrNull } from "../route/times.ts";
import { body, invalid } from "../route/validate.ts";
import { address, isLocal } from "./client-json.ts";

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(500));

const given = {
  name: v.pipe(
    v.string(),
    v.trim(),
    v.minLength(1),
    v.maxLength(100),
    v.description("The audit log begins with it"),
  ),
  issuer: v.pipe(
    address,
    v.description("Exactly as its tokens spell it; docs/sign-in.md has those of GitHub and GitLab"),
  ),
  subject: v.pipe(
    text,
    v.regex(/^[^*]*[^*:/][^*]*([:/]\*)?$/, "must be exact, or end in :* or /* for any rest"),
    v.description(
      "The token's `sub`, such as `repo:acme/devices:ref:refs/heads/main`; a `*` at the end, after : or /, is any rest",
    ),
  ),
  claims: v.optional(
    v.pipe(
      v.record(
        v.pipe(v.string(), v.regex(/^[\w.:/-]{1,100}$/, "must be the name of a claim")),
        v.union([
          v.pipe(
            text,
            v.transform((one) => [one]),
          ),
          v.pipe(v.array(text), v.minLength(1), v.maxLength(50)),
        ]),
      ),
      v.check((claims) => Object.keys(claims).length <= 20, "has more than 20 claims"),
      v.description("Other claims that the token must have, each with this value or one of these"),
    ),
    {},
  ),
  role: v.picklist(roles),
  rights: v.optional(v.pipe(v.array(v.picklist(rights)), v.description("In addition to the role")), []),
  lifetime_minutes: v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(1),
      v.maxValue(720),
      v.description("How long the API token is good"),
    ),
    15,
  ),
};

const NewRule = v.pipe(
  v.strictObject(given),
  v.forward(
    v.check(
      ({ subject, claims }) => Object.keys(claims).length > 0 || !/^[^:/]+[:/]\*$/.test(subject),
      "lets in everybody at this issuer: say whose, or name claims",
    ),
    ["subject"],
  ),
  v.title("NewTokenExchangeRule"),
);

const Rule = v.pipe(
  v.object({
    id: v.string(),
    name: v.string(),
    issuer: v.string(),
    subject: v.string(),
    claims: v.record(v.string(), v.array(v.string())),
    role: v.picklist(roles),
    rights: v.array(v.picklist(rights)),
    lifetime_minutes: v.number(),
    created_at: Time,
    updated_at: Time,
    last_used_at: TimeOrNull,
  }),
  v.title("TokenExchangeRule"),
);

/** Whose tokens are exchanged: only an admin says so, because a rule is as good as a token. */
export const exchangeRules = new Hono<ApiEnv>();

exchangeRules.get(
  "/",
  describeRoute(
    "List the rules of the token exchange, oldest first",
    { 200: v.object({ items: v.array(Rule), next_cursor: v.null() }) },
    { tag: "tokens" },
  ),
  allow("admin"),
  async (c) => c.json({ items: (await listExchangeRules(c.var.db)).map(present), next_cursor: null }),
);

exchangeRules.post(
  "/",
  describeRoute(
    "Let the tokens of an issuer be exchanged for an API token",
    { 201: Rule },
    {
      tag: "tokens",
      problems: ["conflict"],
      detail: "The issuer is asked for its discovery document first.",
    },
  ),
  allow("admin"),
  body(NewRule),
  idempotent(),
  async (c) => {
    const rule = c.req.valid("json");
    const wrong = await wrongIssuer(c, rule.issuer);
    if (wrong !== undefined) return wrong;
    const now = Date.now();
    const row = {
      ...columnsOf(rule),
      id: crypto.randomUUID(),
      createdAt: now,
      updatedAt: now,
      lastUsedAt: null,
    };
    return (await insertExchangeRule(c.var.db, row))
      ? c.json(present(row), 201, { Location: `/api/v1/token-exchange-rules/${row.id}` })
      : problem(c, "conflict", "there are as many rules as there can be; delete one");
  },
);

exchangeRules.get(
  "/:id",
  describeRoute(
    "Read a rule of the token exchange",
    { 200: Rule },
    { tag: "tokens", problems: ["not-found"] },
  ),
  allow("admin"),
  async (c) => {
    const row = await findExchangeRule(c.var.db, c.req.param("id"));
    return row ? c.json(present(row)) : none(c);
  },
);

exchangeRules.put(
  "/:id",
  describeRoute(
    "Replace a rule of the token exchange",
    { 200: Rule },
    { tag: "tokens", problems: ["not-found"], detail: "The tokens that were given by it are revoked." },
  ),
  allow("admin"),
  body(NewRule),
  async (c) => {
    const rule = c.req.valid("json");
    const wrong = await wrongIssuer(c, rule.issuer);
    if (wrong !== undefined) return wrong;
    const now = Date.now();
    const row = await changeExchangeRule(c.var.db, {
      ...columnsOf(rule),
      id: c.req.param("id"),
      updatedAt: now,
    });
    if (row === undefined) return none(c);
    await revokeTokensOf(c.var.db, { kind: "exchange", origin: row.id }, now);
    return c.json(present(row));
  },
);

exchangeRules.delete(
  "/:id",
  describeRoute(
    "Delete a rule of the token exchange",
    { 204: "Deleted" },
    { tag: "tokens", detail: "The tokens that were given by it are revoked." },
  ),
  allow("admin"),
  async (c) => {
    const id = c.req.param("id");
    await deleteExchangeRule(c.var.db, id);
    await revokeTokensOf(c.var.db, { kind: "exchange", origin: id }, Date.now());
    return c.body(null, 204);
  },
);

async function wrongIssuer(c: Context<ApiEnv>, issuer: string): Promise<Response | undefined> {
  const wrong = (detail: string) => invalid(c, [{ pointer: "/issuer", code: "not-an-issuer", detail }]);
  if (!issuer.startsWith("https:") && !isLocal(c)) return wrong("must be an https address");
  const found = await discoverIssuer(issuer);
  return found.ok ? undefined : wrong(found.refusal.detail);
}

const none = (c: Context): Response => problem(c, "not-found", `no rule has the id ${c.req.param("id")}`);

const columnsOf = ({ lifetime_minutes: lifetimeMinutes, ...rule }: v.InferOutput<typeof NewRule>) => ({
  ...rule,
  rights: [...new Set(rule.rights)],
  lifetimeMinutes,
});

const present = (row: ExchangeRuleRow): v.InferInput<typeof Rule> => ({
  id: row.id,
  name: row.name,
  issuer: row.issuer,
  subject: row.subject,
  claims: row.claims,
  role: row.role,
  rights: row.rights,
  lifetime_minutes: row.lifetimeMinutes,
  created_at: isoTime(row.createdAt),
  updated_at: isoTime(row.updatedAt),
  last_used_at: isoTimeOrNull(row.lastUsedAt),
});
