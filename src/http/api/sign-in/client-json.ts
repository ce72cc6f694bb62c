import type { Context } from "hono";
import * as v from "valibot";
import { readEnv } from "../../../env.ts";
import { isLoopback } from "../../../profiles/mdm-payload.ts";
import { discover, isAddress } from "../../../sign-in/metadata.ts";
import {
  type AccessApplication,
  clientAuths,
  type Known,
  type OidcClient,
  prompts,
} from "../../../sign-in/provider-store.ts";
import { redirectUri } from "../../sign-in/begin.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { invalid } from "../route/validate.ts";

/** What the providers of people and of administrators share in the API. */
export const domain = v.pipe(
  v.string(),
  v.trim(),
  v.toLowerCase(),
  v.maxLength(253),
  v.regex(
    /^[a-z0-9-]+(\.[a-z0-9-]+)+$/,
    "must be a domain such as example.com; international ones in their xn-- form",
  ),
);

export const address = v.pipe(
  v.string(),
  v.maxLength(500),
  v.check((url) => isAddress(url) && !/[?#]/.test(url), "must be an https address without query"),
);

const token = (description: string) =>
  v.pipe(v.string(), v.minLength(1), v.maxLength(500), v.regex(/^[\x20-\x7e]+$/), v.description(description));

const clock_skew_seconds = v.optional(
  v.pipe(
    v.number(),
    v.integer(),
    v.minValue(0),
    v.maxValue(300),
    v.description("How much the provider's clock may differ from ours"),
  ),
  60,
);

export const sessionHours = v.optional(
  v.pipe(
    v.number(),
    v.integer(),
    v.minValue(1),
    v.maxValue(720),
    v.description("How long a browser stays signed in"),
  ),
  8,
);

export const oidcClient = {
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
  clock_skew_seconds,
};

/** `path`: what the application covers. */
export const accessApplication = (path: string) => ({
  kind: v.literal("access"),
  issuer: v.pipe(address, v.description("`https://<team>.cloudflareaccess.com`")),
  client_id: token(`The audience tag (AUD) of the Access application that covers ${path}`),
  clock_skew_seconds,
});

export const secretGiven = v.exactOptional(
  v.pipe(token("Never shown again; left out: the one that is stored stays"), v.maxLength(1_000)),
);

/** The fields of every answer about a provider. */
export const clientAnswer = {
  kind: v.picklist(["oidc", "access"]),
  issuer: v.string(),
  client_id: v.string(),
  client_auth: v.optional(v.picklist(clientAuths)),
  client_secret: v.pipe(v.nullable(v.string()), v.description("Masked; null: there is none")),
  scopes: v.optional(v.array(v.string())),
  prompt: v.optional(v.nullable(v.picklist(prompts))),
  clock_skew_seconds: v.number(),
  redirect_uri: v.pipe(v.string(), v.description("To be registered at the provider")),
};

type Client = OidcClient | AccessApplication;

/** Whether what is given can be asked, and with which secret: a new one, or the one stored for the same client. */
export async function checked<P extends Client>(
  c: Context<ApiEnv>,
  provider: P,
  newSecret: string | undefined,
  before: Known<P> | undefined,
): Promise<Known<P> | Response> {
  const isSame =
    before?.provider.issuer === provider.issuer && before.provider.client_id === provider.client_id;
  const needsSecret = provider.kind === "oidc" && provider.client_auth !== "none";
  const secret = needsSecret ? (newSecret ?? (isSame ? before?.secret : undefined)) : undefined;
  if (needsSecret && secret === undefined)
    return invalid(c, [
      {
        pointer: "/client_secret",
        code: "missing",
        detail: "give the client's secret, or client_auth none",
      },
    ]);
  const wrong = await issuerProblem(c, provider);
  if (wrong !== undefined) return invalid(c, [{ pointer: "/issuer", code: "not-a-provider", detail: wrong }]);
  return { provider, secret };
}

async function issuerProblem(c: Context<ApiEnv>, { kind, issuer }: Client): Promise<string | undefined> {
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
export function isLocal(c: Context<ApiEnv>): boolean {
  const configuration = readEnv(c.env);
  const publicUrl = configuration.ok ? configuration.value.publicUrl : undefined;
  return isLoopback(new URL(publicUrl ?? c.req.url).hostname);
}

const mask = "********";

export function present<P extends Client>(c: Context, { provider, secret }: Known<P>) {
  const client_secret = secret === undefined ? null : mask;
  return { ...provider, client_secret, redirect_uri: redirectUri(c) };
}
