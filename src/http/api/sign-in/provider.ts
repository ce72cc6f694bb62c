import { type Context, Hono } from "hono";
import * as v from "valibot";
import { type Provider, readProvider, removeProvider, storeProvider } from "../../../sign-in/provider.ts";
import type { Known } from "../../../sign-in/provider-store.ts";
import { publicOrigin } from "../../origin.ts";
import { accessPaths } from "../../sign-in/begin.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { body } from "../route/validate.ts";
import {
  accessApplication,
  checked,
  clientAnswer,
  domain,
  oidcClient,
  present,
  secretGiven,
  sessionHours,
} from "./client-json.ts";

const mapping = {
  account_claim: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[\w.:/-]{1,100}$/, "must be the name of a claim"),
      v.description("The claim that names the person by an address, such as `email` or `preferred_username`"),
    ),
    "email",
  ),
  account_domain: v.optional(
    v.pipe(
      v.nullable(domain),
      v.description("The domain of the Managed Apple Accounts, where it is another than the claim's"),
    ),
    null,
  ),
  allowed_domains: v.optional(
    v.pipe(
      v.array(domain),
      v.maxLength(100),
      v.description("Whose people may sign in, by the claim's domain; empty: all that the provider knows"),
    ),
    [],
  ),
  require_verified_email: v.optional(
    v.pipe(v.boolean(), v.description("Refuses addresses that the provider calls unverified")),
    true,
  ),
  session_hours: sessionHours,
};

const ProviderBody = v.pipe(
  v.variant("kind", [
    v.strictObject({ ...oidcClient, ...mapping, client_secret: secretGiven }),
    v.strictObject({ ...accessApplication(accessPaths.people), ...mapping }),
  ]),
  v.title("NewSignInProvider"),
);

const ProviderAnswer = v.pipe(
  v.object({
    ...clientAnswer,
    account_claim: v.string(),
    account_domain: v.nullable(v.string()),
    allowed_domains: v.array(v.string()),
    require_verified_email: v.boolean(),
    session_hours: v.number(),
    logout_uri: v.pipe(
      v.string(),
      v.description("To be registered there as where people go after signing out"),
    ),
  }),
  v.title("SignInProvider"),
);

export const signInProvider = new Hono<ApiEnv>();

signInProvider.get(
  "/",
  describeRoute("Read who says who people are", { 200: ProviderAnswer }, { problems: ["not-found"] }),
  allow("viewer"),
  async (c) => {
    const known = await readProvider(c.env);
    return known ? c.json(shown(c, known)) : none(c);
  },
);

signInProvider.put(
  "/",
  describeRoute(
    "Set who says who people are: an OpenID Connect provider, or Cloudflare Access",
    { 200: ProviderAnswer },
    {
      detail:
        "An OpenID Connect provider is asked for its discovery document first. Under another issuer all who are signed in must sign in again.",
    },
  ),
  allow("admin"),
  body(ProviderBody),
  async (c) => {
    const given = c.req.valid("json");
    const { client_secret: newSecret, ...provider } = { client_secret: undefined, ...given };
    const known = await checked(c, provider, newSecret, await readProvider(c.env));
    if (known instanceof Response) return known;
    await storeProvider(c.env, known, Date.now());
    return c.json(shown(c, known));
  },
);

signInProvider.delete(
  "/",
  describeRoute(
    "Ask no provider any more: people sign in by the codes of invitations",
    { 204: "Removed" },
    { detail: "All who are signed in must sign in again.", problems: ["not-found"] },
  ),
  allow("admin"),
  async (c) => ((await removeProvider(c.env)) ? c.body(null, 204) : none(c)),
);

const none = (c: Context): Response =>
  problem(c, "not-found", "no provider is set: people sign in by the codes of invitations");

const shown = (c: Context, known: Known<Provider>) => ({
  ...present(c, known),
  logout_uri: `${publicOrigin(c)}/sign-out`,
});
