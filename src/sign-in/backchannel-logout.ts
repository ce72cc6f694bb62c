import { decodeJwt, decodeProtectedHeader } from "jose";
import { sha256, toHex, utf8 } from "../base/bytes.ts";
import { ok, type Result } from "../base/result.ts";
import { minute, second } from "../base/time.ts";
import { metadataOf } from "./metadata.ts";
import type { OidcClient } from "./provider-store.ts";
import type { SignInRefusal } from "./refusal.ts";
import { invalid, verifyToken } from "./verify-token.ts";

/**
 * The token by which a provider says that it signed a person out (OpenID Connect Back-Channel Logout 1.0, section 2.4).
 *
 * The surprise: an ID token of the same provider has the same issuer, audience and signature. What tells them apart is
 * `events`, which only a logout token has, and `nonce`, which it must not have.
 */
export type Logout = {
  issuer: string;
  subject: string;
  issuedAt: number;
  /** Names this token and no other one. */
  id: string;
  /** From then on the token is refused as too old. */
  endsAt: number;
};

const logoutEvent = "http://schemas.openid.net/event/backchannel-logout";
const types = ["logout+jwt", "jwt", undefined];
const oldest = 5 * minute;
const longestId = 255;

export async function verifyLogout(
  token: string,
  client: OidcClient,
  now: number,
): Promise<Result<Logout, SignInRefusal>> {
  const { issuer, client_id: audience, clock_skew_seconds: skewSeconds } = client;
  const metadata = await metadataOf(issuer, now);
  if (!metadata.ok) return metadata;
  const verified = await verifyToken(token, metadata.value.jwks_uri, { issuer, audience, skewSeconds }, now);
  if (!verified.ok) return verified;
  const { sub, jti, nonce, events, iat = 0, exp = 0 } = verified.value;
  const type = decodeProtectedHeader(token).typ?.toLowerCase();
  if (!types.includes(type)) return invalid(`a token of the type ${type} is no logout token`);
  if (nonce !== undefined) return invalid("the token has a nonce: it is no logout token");
  if (!isObject(events) || !isObject(events[logoutEvent]))
    return invalid(`the token's events do not have ${logoutEvent}`);
  if (typeof sub !== "string" || sub === "" || sub.length > longestId)
    return invalid("the token names nobody (sub)");
  if (typeof jti !== "string" || jti === "" || jti.length > longestId)
    return invalid("the token has no name of its own (jti)");
  const issuedAt = iat * second;
  const endsAt = Math.min(exp * second, issuedAt + oldest) + skewSeconds * second;
  if (endsAt <= now) return invalid("the token was issued more than five minutes ago");
  const id = `logout:${toHex(await sha256(utf8(JSON.stringify([issuer, audience, jti]))))}`;
  return ok({ issuer, subject: sub, issuedAt, id, endsAt });
}

/** Whom the token claims to be from. Nothing is proven yet: it only says whose keys to ask for. */
export function issuerClaimed(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
