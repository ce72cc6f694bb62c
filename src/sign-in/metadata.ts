import { logFault } from "../base/log.ts";
import { ok, type Result } from "../base/result.ts";
import { hour } from "../base/time.ts";
import { isLoopback } from "../profiles/mdm-payload.ts";
import { askProvider, misbehaves } from "./client.ts";
import type { SignInRefusal } from "./refusal.ts";

/**
 * What a provider says of itself (OpenID Connect Discovery 1.0). An isolate asks once an hour, and goes on with what it
 * knows while the provider does not answer.
 *
 * The surprise: the issuer must be the very one that was configured. A provider for many tenants names a pattern
 * instead, and a server that took that would take the people of all of them.
 */
export type ProviderMetadata = {
  issuer: string;
  authorization_endpoint: string;
  token_endpoint: string;
  jwks_uri: string;
  userinfo_endpoint?: string;
  end_session_endpoint?: string;
  /** RFC 9207: it names itself when it sends people back. */
  names_itself: boolean;
};

type IssuerDocument = Record<string, unknown> & { jwks_uri: string };

const freshForMs = hour;
const mostHeld = 20;
const held = new Map<string, { document: IssuerDocument; loadedAt: number }>();

export async function metadataOf(
  issuer: string,
  now: number,
): Promise<Result<ProviderMetadata, SignInRefusal>> {
  const document = await issuerDocument(issuer, now);
  return document.ok ? readMetadata(issuer, document.value) : document;
}

/** What any issuer of tokens says of itself: one that signs nobody in has little more than its keys. */
export async function issuerDocument(
  issuer: string,
  now: number,
): Promise<Result<IssuerDocument, SignInRefusal>> {
  const known = held.get(issuer);
  if (known !== undefined && now - known.loadedAt < freshForMs) return ok(known.document);
  const read = await discoverIssuer(issuer);
  if (read.ok) {
    if (held.size >= mostHeld) held.clear();
    held.set(issuer, { document: read.value, loadedAt: now });
    return read;
  }
  if (known === undefined || read.refusal.reason !== "provider-unreachable") return read;
  logFault("sign-in-metadata-stale", new Error(read.refusal.detail));
  return ok(known.document);
}

/** Asks, whatever is known. */
export async function discover(issuer: string): Promise<Result<ProviderMetadata, SignInRefusal>> {
  const found = await discoverIssuer(issuer);
  return found.ok ? readMetadata(issuer, found.value) : found;
}

export async function discoverIssuer(issuer: string): Promise<Result<IssuerDocument, SignInRefusal>> {
  const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const told = await askProvider(url);
  if (!told.ok) return told;
  const { status, json } = told.value;
  if (status !== 200) return misbehaves(`${url} answers ${status}: is the issuer spelled right?`);
  return readIssuer(issuer, json);
}

function readIssuer(issuer: string, json: Record<string, unknown>): Result<IssuerDocument, SignInRefusal> {
  if (json.issuer !== issuer)
    return misbehaves(
      `the provider calls itself ${JSON.stringify(json.issuer)}: set issuer to exactly that, or to the one of your tenant`,
    );
  const { jwks_uri } = json;
  return isAddress(jwks_uri)
    ? ok({ ...json, jwks_uri })
    : misbehaves("the provider's jwks_uri is no https address");
}

export function readMetadata(
  issuer: string,
  json: Record<string, unknown>,
): Result<ProviderMetadata, SignInRefusal> {
  const read = readIssuer(issuer, json);
  if (!read.ok) return read;
  for (const name of ["authorization_endpoint", "token_endpoint"])
    if (!isAddress(json[name])) return misbehaves(`the provider's ${name} is no https address`);
  const flows = json.response_types_supported;
  if (Array.isArray(flows) && !flows.includes("code"))
    return misbehaves("the provider knows no authorization code flow");
  const methods = json.code_challenge_methods_supported;
  if (Array.isArray(methods) && !methods.includes("S256"))
    return misbehaves("the provider knows no PKCE with S256");
  const { userinfo_endpoint, end_session_endpoint } = json;
  return ok({
    issuer,
    authorization_endpoint: String(json.authorization_endpoint),
    token_endpoint: String(json.token_endpoint),
    jwks_uri: read.value.jwks_uri,
    ...(isAddress(userinfo_endpoint) && { userinfo_endpoint }),
    ...(isAddress(end_session_endpoint) && { end_session_endpoint }),
    names_itself: json.authorization_response_iss_parameter_supported === true,
  });
}

/** Without TLS only on the machine itself, for trying things out; whether an issuer may be there is decided when it is set. */
export function isAddress(value: unknown): value is string {
  const url = typeof value === "string" && value.length < 2_000 ? URL.parse(value) : null;
  return url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url.hostname));
}

/** @internal Tests begin as a fresh isolate does. */
export const forgetMetadata = (): void => held.clear();
