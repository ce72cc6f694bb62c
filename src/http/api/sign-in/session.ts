import { Hono } from "hono";
import * as v from "valibot";
import { rights, roles } from "../../../admin/roles.ts";
import { loadAdministrators } from "../../../admin/sign-in/administrators.ts";
import { revokeToken } from "../../../db/tokens.ts";
import { logoutAddress } from "../../../sign-in/logout.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTimeOrNull, TimeOrNull } from "../route/times.ts";

const ways = ["deployment", "token", "sign-in", "exchange", "access"] as const;

const Session = v.pipe(
  v.object({
    id: v.pipe(v.string(), v.description("The id of the token, or of the person at Cloudflare Access")),
    name: v.pipe(v.string(), v.description("What the audit log calls the caller")),
    by: v.pipe(
      v.picklist(ways),
      v.description(
        "deployment: ADMIN_TOKEN; token: a lasting token; sign-in: a person; exchange: a program with a token of another issuer; access: a person, by Cloudflare Access in front of this API",
      ),
    ),
    role: v.picklist(roles),
    rights: v.pipe(v.array(v.picklist(rights)), v.description("In addition to the role")),
    expires_at: TimeOrNull,
  }),
  v.title("Session"),
);

const SignedOut = v.pipe(
  v.object({
    provider_sign_out: v.pipe(
      v.nullable(v.string()),
      v.description(
        "Where a browser ends the session at the provider, too; null: the provider has no such address",
      ),
    ),
  }),
  v.title("SignedOut"),
);

export const session = new Hono<ApiEnv>();

session.get(
  "/",
  describeRoute("Read who the caller is, and what the caller may do", { 200: Session }, { tag: "sign-in" }),
  allow("viewer"),
  (c) => {
    const { tokenId: id, name, by, role, rights: held, expiresAt } = c.var.caller;
    return c.json({ id, name, by, role, rights: [...held], expires_at: isoTimeOrNull(expiresAt) });
  },
);

session.delete(
  "/",
  describeRoute(
    "Sign out: the token of this sign-in is revoked",
    { 200: SignedOut },
    {
      tag: "sign-in",
      problems: ["conflict"],
      detail:
        "For the tokens of sign-ins and exchanges, and behind Cloudflare Access. Lasting tokens are revoked by their id.",
    },
  ),
  allow("viewer"),
  async (c) => {
    const { by, tokenId } = c.var.caller;
    if (by === "deployment" || by === "token")
      return problem(c, "conflict", "this is a lasting token: revoke it by DELETE /api/v1/tokens/{id}");
    const now = Date.now();
    if (by !== "access") await revokeToken(c.var.db, tokenId, now);
    const provider = by === "exchange" ? undefined : (await loadAdministrators(c.env, now))?.provider;
    return c.json({ provider_sign_out: (await logoutAddress(provider, now)) ?? null });
  },
);
