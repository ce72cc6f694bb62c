import type { Bytes } from "../base/bytes.ts";
import { sha256, toBase64, toBase64Url, utf8 } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { askProvider, misbehaves } from "./client.ts";
import type { Flow } from "./flow.ts";
import { metadataOf, type ProviderMetadata } from "./metadata.ts";
import type { Claims } from "./person.ts";
import type { OidcClient } from "./provider-store.ts";
import type { SignInRefusal } from "./refusal.ts";
import { invalid, verifyToken } from "./verify-token.ts";

/**
 * OpenID Connect by the authorization code flow with PKCE (OpenID Connect Core 1.0 section 3.1, RFC 7636, RFC 9207).
 *
 * Leaves to others: where the flow is kept meanwhile (`flow.ts`), and what follows when somebody is known.
 */
export async function authorizationUrl(
  provider: OidcClient,
  flow: Flow,
  { state, redirectUri, hint }: { state: string; redirectUri: string; hint?: string | undefined },
  now: number,
): Promise<Result<string, SignInRefusal>> {
  const metadata = await metadataOf(provider.issuer, now);
  if (!metadata.ok) return metadata;
  const url = new URL(metadata.value.authorization_endpoint);
  const asked = {
    response_type: "code",
    client_id: provider.client_id,
    redirect_uri: redirectUri,
    scope: provider.scopes.join(" "),
    state,
    nonce: flow.nonce,
    code_challenge: toBase64Url(await sha256(utf8(flow.verifier))),
    code_challenge_method: "S256",
    ...(provider.prompt && { prompt: provider.prompt }),
    ...(hint && { login_hint: hint }),
  };
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
  return ok(url.href);
}

/** What the provider sent the person back with. */
export type Returned = {
  code?: string | undefined;
  error?: string | undefined;
  errorDescription?: string | undefined;
  iss?: string | undefined;
};

export type SignedIn = { claims: Claims; idToken: string };

/** `wanted`: the claims that must be asked for where the ID token leaves them out. */
export async function finishOidc(
  provider: OidcClient,
  secret: string | undefined,
  flow: Flow,
  returned: Returned,
  { redirectUri, wanted }: { redirectUri: string; wanted: readonly string[] },
  now: number,
): Promise<Result<SignedIn, SignInRefusal>> {
  const found = await metadataOf(provider.issuer, now);
  if (!found.ok) return found;
  const metadata = found.value;
  const { iss, error, code } = returned;
  if (iss === undefined ? metadata.names_itself : iss !== provider.issuer)
    return misbehaves(`the answer comes from ${JSON.stringify(iss)}, and ${provider.issuer} was asked`);
  if (error !== undefined) return refuse(refusalOf(error, returned.errorDescription));
  if (!code) return misbehaves("the provider sent the person back with neither a code nor an error");
  const tokens = await redeem(provider, secret, metadata, { code, verifier: flow.verifier, redirectUri });
  if (!tokens.ok) return tokens;
  const { idToken, accessToken } = tokens.value;
  const { issuer, client_id: audience, clock_skew_seconds: skewSeconds } = provider;
  const verified = await verifyToken(idToken, metadata.jwks_uri, { issuer, audience, skewSeconds }, now);
  if (!verified.ok) return verified;
  const claims = verified.value;
  if (claims.nonce !== flow.nonce) return invalid("the token was made for another sign-in (nonce)");
  if (claims.azp !== undefined ? claims.azp !== audience : Array.isArray(claims.aud) && claims.aud.length > 1)
    return invalid("the token was made for another client (azp)");
  const all = await completed(claims, wanted, metadata, accessToken);
  return all.ok ? ok({ claims: all.value, idToken }) : all;
}

/** Codes of RFC 6749 section 4.1.2.1 and OpenID Connect Core section 3.1.2.6. */
function refusalOf(error: string, description: string | undefined): SignInRefusal {
  const detail = `${error}${description ? `: ${description}` : ""}`.replace(/\p{Cc}/gu, " ").slice(0, 300);
  if (error === "access_denied") return { reason: "cancelled", detail };
  if (error === "temporarily_unavailable" || error === "server_error")
    return { reason: "provider-unreachable", detail };
  return { reason: error === "unauthorized_client" ? "client-not-accepted" : "provider-refused", detail };
}

async function redeem(
  provider: OidcClient,
  secret: string | undefined,
  { token_endpoint }: ProviderMetadata,
  { code, verifier, redirectUri }: { code: string; verifier: string; redirectUri: string },
): Promise<Result<{ idToken: string; accessToken: string | undefined }, SignInRefusal>> {
  const { client_id, client_auth } = provider;
  const form = new URLSearchParams({
    grant_type: "authorization_code",
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
    ...(client_auth !== "client_secret_basic" && { client_id }),
    ...(client_auth === "client_secret_post" && { client_secret: secret ?? "" }),
  });
  const told = await askProvider(token_endpoint, {
    method: "POST",
    headers: {
      "Content-Type": "application/x-www-form-urlencoded",
      ...(client_auth === "client_secret_basic" && { Authorization: basic(client_id, secret ?? "") }),
    },
    body: form.toString(),
  });
  if (!told.ok) return told;
  const { status, json } = told.value;
  if (status !== 200) return refuse(tokenRefusal(status, json));
  const { id_token: idToken, access_token: accessToken } = json;
  if (typeof idToken !== "string")
    return misbehaves("the provider gave no ID token: is openid among the scopes?");
  return ok({ idToken, accessToken: typeof accessToken === "string" ? accessToken : undefined });
}

/** RFC 6749 section 2.3.1: both are encoded like a form's fields first. */
function basic(id: string, secret: string): string {
  const encoded = (value: string) => new URLSearchParams({ "": value }).toString().slice(1);
  const bytes: Bytes = utf8(`${encoded(id)}:${encoded(secret)}`);
  return `Basic ${toBase64(bytes)}`;
}

function tokenRefusal(status: number, json: Record<string, unknown>): SignInRefusal {
  const error = typeof json.error === "string" ? json.error : `status ${status}`;
  const description = typeof json.error_description === "string" ? json.error_description : "";
  const detail = `the token endpoint says ${error} ${description}`.trim().slice(0, 300);
  if (error === "invalid_grant") return { reason: "code-spent", detail };
  if (error === "invalid_client" || error === "unauthorized_client" || status === 401)
    return { reason: "client-not-accepted", detail };
  return { reason: "provider-misbehaves", detail };
}

/** Some providers keep what is told of a person out of the ID token, and tell it when asked with the access token. */
async function completed(
  claims: Claims,
  wanted: readonly string[],
  { userinfo_endpoint }: ProviderMetadata,
  accessToken: string | undefined,
): Promise<Result<Claims, SignInRefusal>> {
  const isComplete = wanted.every((name) => claims[name] !== undefined);
  if (isComplete || !userinfo_endpoint || !accessToken) return ok(claims);
  const told = await askProvider(userinfo_endpoint, { headers: { Authorization: `Bearer ${accessToken}` } });
  if (!told.ok) return told;
  const { status, json } = told.value;
  if (status !== 200) return misbehaves(`the userinfo endpoint answers ${status}`);
  if (json.sub !== claims.sub) return invalid("the userinfo endpoint tells of somebody else (sub)");
  return ok({ ...json, ...claims });
}
