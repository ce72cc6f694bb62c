import { ok, type Result, refuse } from "../base/result.ts";

// A server token: the OAuth credentials of one device management server of Apple's portal, in Apple's names. All of it
// is secret. It lasts a year, and dies earlier when the person who downloaded it goes.

const tokenKeys = [
  "consumer_key",
  "consumer_secret",
  "access_token",
  "access_secret",
  "access_token_expiry",
] as const;

export type AdeToken = { readonly [key in (typeof tokenKeys)[number]]: string };

export type TokenRefusal =
  | { reason: "missing-key"; detail: string; keys: readonly string[] }
  | { reason: "expired"; detail: string; expiredAt: number };

const longestValue = 1000;
/** What goes into a header: printable ASCII. */
const credentialShape = /^[!-~]+$/;

/** From the JSON of a token file, or as other servers export it. */
export function readToken(value: unknown, now: number): Result<AdeToken, TokenRefusal> {
  const found = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  const missing = tokenKeys.filter((key) => !isUsable(key, found[key]));
  if (missing.length > 0)
    return refuse({
      reason: "missing-key",
      detail: `it lacks ${missing.join(", ")}: download a new token from Apple`,
      keys: missing,
    });
  const token = Object.fromEntries(tokenKeys.map((key) => [key, found[key]])) as AdeToken;
  const expiredAt = tokenExpiresAt(token);
  if (expiredAt > now) return ok(token);
  return refuse({
    reason: "expired",
    detail: `it expired on ${new Date(expiredAt).toISOString()}: download a new token from Apple`,
    expiredAt,
  });
}

const isUsable = (key: string, value: unknown): value is string =>
  typeof value === "string" &&
  value.length <= longestValue &&
  (key === "access_token_expiry" ? Number.isFinite(Date.parse(value)) : credentialShape.test(value));

/** In milliseconds. */
export const tokenExpiresAt = (token: AdeToken): number => Date.parse(token.access_token_expiry);
