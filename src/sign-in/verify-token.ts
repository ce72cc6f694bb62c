import type { JSONWebKeySet, JWTPayload, JWTVerifyOptions } from "jose";
import { ok, type Result, refuse } from "../base/result.ts";
import { keysAt } from "./keys.ts";
import type { SignInRefusal } from "./refusal.ts";

/**
 * A provider's token (JWT, RFC 7519), signed by one of its keys, for this server and for now. Tokens signed with a shared
 * secret are not taken: anybody who can read the secret could make them.
 */
const algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];
const longestToken = 32 * 1024;

export type TokenRules = { issuer: string; audience: string; skewSeconds: number };

export async function verifyToken(
  token: string,
  keysUrl: string,
  rules: TokenRules,
  now: number,
): Promise<Result<JWTPayload, SignInRefusal>> {
  if (token.length > longestToken) return invalid(`the token has more than ${longestToken} characters`);
  const keys = await keysAt(keysUrl, "any", now);
  if (!keys.ok) return keys;
  const verified = await verifyWith(token, keys.value, rules, now);
  if (verified !== "no such key") return verified;
  const newer = await keysAt(keysUrl, "newer", now);
  if (!newer.ok) return newer;
  const again = await verifyWith(token, newer.value, rules, now);
  return again === "no such key"
    ? invalid("the provider does not have the key that signed the token")
    : again;
}

async function verifyWith(
  token: string,
  keys: JSONWebKeySet,
  { issuer, audience, skewSeconds }: TokenRules,
  now: number,
): Promise<Result<JWTPayload, SignInRefusal> | "no such key"> {
  const { createLocalJWKSet, errors, jwtVerify } = await import("jose");
  const options: JWTVerifyOptions = {
    issuer,
    audience,
    algorithms,
    clockTolerance: skewSeconds,
    requiredClaims: ["sub", "exp", "iat"],
    currentDate: new Date(now),
  };
  try {
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys), options);
    // Not one of those that `jose` looks at by itself.
    if ((payload.iat ?? 0) > now / 1000 + skewSeconds) return clock("it was issued in the future");
    return ok(payload);
  } catch (fault) {
    if (fault instanceof errors.JWKSNoMatchingKey) return "no such key";
    if (fault instanceof errors.JWTExpired) return clock("it has expired");
    if (fault instanceof errors.JWTClaimValidationFailed && fault.claim === "nbf")
      return clock("it is not valid yet");
    if (fault instanceof errors.JOSEError) return invalid(fault.message);
    // A key of its set that no library can import.
    if (fault instanceof TypeError || fault instanceof DOMException) return invalid(fault.message);
    throw fault;
  }
}

const clock = (what: string) =>
  refuse<SignInRefusal>({
    reason: "clock-differs",
    detail: `by this server's clock the token is not good: ${what}`,
  });

export const invalid = (detail: string) => refuse<SignInRefusal>({ reason: "token-invalid", detail });
