import { type Context, Hono } from "hono";
import * as v from "valibot";
import { type ExchangeRefusal, exchangeToken } from "../../../admin/sign-in/token-exchange.ts";
import { second } from "../../../base/time.ts";
import { publicOrigin } from "../../origin.ts";
import { isOverLimit, retryAfter } from "../../rate-limit.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { type ProblemSlug, problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { rawBody } from "../route/validate.ts";

/** RFC 8693. Meant for anybody: what is shown must be a token that a rule lets in. */
const ExchangedToken = v.pipe(
  v.object({
    access_token: v.pipe(v.string(), v.description("An API token; shown only here")),
    issued_token_type: v.literal("urn:ietf:params:oauth:token-type:access_token"),
    token_type: v.literal("Bearer"),
    expires_in: v.pipe(v.number(), v.integer(), v.description("Seconds")),
  }),
  v.title("ExchangedToken"),
);

const grantType = "urn:ietf:params:oauth:grant-type:token-exchange";
const tokenTypes = ["urn:ietf:params:oauth:token-type:jwt", "urn:ietf:params:oauth:token-type:id_token"];
const accessTokenType = "urn:ietf:params:oauth:token-type:access_token";
const form = "application/x-www-form-urlencoded";

export const tokenExchange = new Hono<ApiEnv>();

tokenExchange.post(
  "/",
  describeRoute(
    "Exchange a token of another issuer, such as a CI job's, for an API token",
    { 200: ExchangedToken },
    {
      tag: "tokens",
      problems: ["token-not-exchanged", "too-many-log-ins", "upstream-unreachable"],
      detail:
        `RFC 8693: a form with grant_type=${grantType}, subject_token, and subject_token_type=${tokenTypes[0]}. ` +
        "The token's audience is the address of this server; each token is exchanged once. No API token is needed.",
    },
  ),
  rawBody([form], { limitBytes: 64 * 1024 }),
  async (c) => {
    const fields = new URLSearchParams(new TextDecoder().decode(c.var.bytes));
    const wrong = wrongField(fields);
    if (wrong !== undefined) return refused(c, "token-not-exchanged", "invalid_request", wrong);
    const now = Date.now();
    const order = { token: fields.get("subject_token") ?? "", audience: publicOrigin(c) };
    const exchanged = await exchangeToken(c.var.db, order, now);
    if (!exchanged.ok) return whyNot(c, exchanged.refusal);
    const { row, token } = exchanged.value;
    const { id: tokenId, name, role, rights, expiresAt } = row;
    // Leaves an audit entry, as every use of the new token does.
    c.set("caller", { tokenId, name, role, rights, by: "exchange", expiresAt });
    return c.json({
      access_token: token,
      issued_token_type: accessTokenType,
      token_type: "Bearer",
      expires_in: Math.floor(((expiresAt ?? now) - now) / second),
    });
  },
);

function wrongField(fields: URLSearchParams): string | undefined {
  if (fields.get("grant_type") !== grantType) return `grant_type must be ${grantType}`;
  if (!tokenTypes.includes(fields.get("subject_token_type") ?? ""))
    return `subject_token_type must be ${tokenTypes.join(" or ")}`;
  if (!fields.get("subject_token")) return "subject_token is missing";
  const wanted = fields.get("requested_token_type");
  if (wanted !== null && wanted !== accessTokenType)
    return `requested_token_type can only be ${accessTokenType}`;
  // For somebody else's sake: we do not know such tokens.
  return fields.has("actor_token") ? "actor_token is not taken" : undefined;
}

async function whyNot(c: Context<ApiEnv>, { reason, detail }: ExchangeRefusal): Promise<Response> {
  if (reason === "provider-unreachable")
    return refused(c, "upstream-unreachable", "temporarily_unavailable", detail);
  if (await isOverLimit(c.env.LOGIN_LIMIT, c))
    return problem(c, "too-many-log-ins", "too many failed attempts from this address: wait a minute", {
      headers: retryAfter,
    });
  return refused(c, "token-not-exchanged", "invalid_grant", detail);
}

/** A problem that clients of OAuth read as well (RFC 6749 section 5.2). */
const refused = (c: Context<ApiEnv>, slug: ProblemSlug, error: string, detail: string): Response =>
  problem(c, slug, detail, { members: { error, error_description: detail } });
