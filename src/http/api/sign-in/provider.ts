import { type Context, Hono } from "hono";
import * as v from "valibot";
import { readEnv } from "../../../env.ts";
import { isLoopback } from "../../../profiles/mdm-payload.ts";
import { discover, isAddress } from "../../../sign-in/metadata.ts";
import {
  clientAuths,
  type KnownProvider,
  type Provider,
  prompts,
  readProvider,
  removeProvider,
  storeProvider,
} from "../../../sign-in/provider.ts";
import { redirectUri } from "../../sign-in/begin.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { body, invalid } from "../route/validate.ts";

const domain = v.pipe(
  v.string(),
  v.trim(),
  v.toLowerCase(),
  v.maxLength(253),
  v.regex(
    /^[a-z0-9-]+(\.[a-z0-9-]+)+$/,
    "must be a domain such as example.com; international ones in their xn-- form",
  ),
);

const address = v.pipe(
  v.string(),
  v.maxLength(500),
  v.check((url) => isAddress(url) && !/[?#]/.test(url), "must be an https address without query"),
);

const token = (description: string) =>
  v.pipe(v.string(), v.minLength(1), v.maxLength(500), v.regex(/^[\x20-\x7e]+$/), v.description(description));

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
  clock_skew_seconds: v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(0),
      v.maxValue(300),
      v.description("How much the provider's clock may differ from ours"),
    ),
    60,
  ),
  session_hours: v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(1),
      v.maxValue(720),
      v.description("How long a browser stays signed in"),
    ),
    8,
  ),
};

const oidc = {
  kind: v.literal("oidc"),
  issuer: v.pipe(address, v.description("Exactly as the provider's discovery document spells it")),
  client_id: token("As the provider registered this server"),
  client_auth: v.optional(
    v.pipe(v.picklist(clientAuths), v.description("How the secret is presented; `none`: by PKCE alone")),
    "client_secret_basic",
  ),
  scopes: v.optional(
    v.pipe(
      v.array(v.pipe(v.string(), v.regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/))),
      v.maxLength(20),
      v.check((scopes) => scopes.includes("openid"), "must name openid"),
    ),
    ["openid", "email", "profile"],
  ),
  prompt: v.optional(
    v.pipe(
      v.nullable(v.picklist(prompts)),
      v.description("What the provider always asks; null: as it likes"),
    ),
    null,
  ),
  ...mapping,
};

const access = {
  kind: v.literal("access"),
  issuer: v.pipe(address, v.description("`https://<team>.cloudflareaccess.com`")),
  client_id: token("The audience tag (AUD) of the Access application that covers /sign-in/access"),
  ...mapping,
};

const secretGiven = v.exactOptional(
  v.pipe(token("Never shown again; left out: the one that is stored stays"), v.maxLength(1_000)),
);

const ProviderBody = v.pipe(
  v.variant("kind", [v.strictObject({ ...oidc, client_secret: secretGiven }), v.strictObject(access)]),
  v.title("NewSignInProvider"),
);

const ProviderAnswer = v.pipe(
  v.object({
    kind: v.picklist(["oidc", "access"]),
    issuer: v.string(),
    client_id: v.string(),
    client_auth: v.optional(v.picklist(clientAuths)),
    client_secret: v.pipe(v.nullable(v.string()), v.description("Masked; null: there is none")),
    scopes: v.optional(v.array(v.string())),
    prompt: v.optional(v.nullable(v.picklist(prompts))),
    account_claim: v.string(),
    account_domain: v.nullable(v.string()),
    allowed_domains: v.array(v.string()),
    require_verified_email: v.boolean(),
    clock_skew_seconds: v.number(),
    session_hours: v.number(),
    redirect_uri: v.pipe(v.string(), v.description("To be registered at the provider")),
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
    return known ? c.json(present(c, known)) : none(c);
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
    const { provider, secret: newSecret } = split(given);
    const before = await readProvider(c.env);
    const isSame =
      before?.provider.issuer === provider.issuer && before.provider.client_id === provider.client_id;
    const kept = isSame ? before?.secret : undefined;
    const needsSecret = provider.kind === "oidc" && provider.client_auth !== "none";
    const secret = needsSecret ? (newSecret ?? kept) : undefined;
    if (needsSecret && secret === undefined)
      return invalid(c, [
        {
          pointer: "/client_secret",
          code: "missing",
          detail: "give the client's secret, or client_auth none",
        },
      ]);
    const wrong = await issuerProblem(c, provider);
    if (wrong !== undefined)
      return invalid(c, [{ pointer: "/issuer", code: "not-a-provider", detail: wrong }]);
    const known = { provider, secret };
    await storeProvider(c.env, known, Date.now());
    return c.json(present(c, known));
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

function split(given: v.InferOutput<typeof ProviderBody>): KnownProvider {
  if (given.kind === "access") return { provider: given, secret: undefined };
  const { client_secret: secret, ...provider } = given;
  return { provider, secret };
}

async function issuerProblem(c: Context<ApiEnv>, { kind, issuer }: Provider): Promise<string | undefined> {
  const url = new URL(issuer);
  if (url.protocol !== "https:" && !isLocal(c)) return "must be an https address";
  if (kind === "access")
    return url.href === `${issuer}/`
      ? undefined
      : "must be the address of the team alone, without a path or a slash";
  const found = await discover(issuer);
  return found.ok ? undefined : found.refusal.detail;
}

/** A provider on the machine itself, without TLS, is for a server on the machine itself. */
function isLocal(c: Context<ApiEnv>): boolean {
  const configuration = readEnv(c.env);
  const publicUrl = configuration.ok ? configuration.value.publicUrl : undefined;
  return isLoopback(new URL(publicUrl ?? c.req.url).hostname);
}

const none = (c: Context): Response =>
  problem(c, "not-found", "no provider is set: people sign in by the codes of invitations");

const mask = "********";

function present(c: Context, { provider, secret }: KnownProvider) {
  const origin = new URL(redirectUri(c)).origin;
  return {
    ...provider,
    client_secret: secret === undefined ? null : mask,
    redirect_uri: redirectUri(c),
    logout_uri: `${origin}/sign-out`,
  };
}
