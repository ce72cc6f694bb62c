import { toBase64, utf8 } from "../base/bytes.ts";
import type { AdeToken } from "./token.ts";

/**
 * Signs the request for a session: OAuth 1.0a with HMAC-SHA1 (RFC 5849 section 3.4).
 * https://developer.apple.com/documentation/devicemanagement/authenticating-with-a-device-management-service
 *
 * Leaves to others: the time and the nonce, which must never come twice together.
 *
 * The surprise: `realm` stands in the header and is not signed. Bodies and queries are not read here: Apple's request
 * has neither.
 */
export type OauthRequest = {
  url: string;
  /** Seconds since 1970. */
  timestamp: number;
  nonce: string;
};

export async function oauthHeader(token: AdeToken, request: OauthRequest): Promise<string> {
  const parameters = oauthParameters(token, request);
  const signature = await hmacSha1(signingKeyOf(token), signatureBase(token, request));
  const fields = Object.entries({ ...parameters, oauth_signature: signature });
  return `OAuth realm="ADM", ${fields.map(([name, value]) => `${name}="${encode(value)}"`).join(", ")}`;
}

/** The text that is signed (RFC 5849 section 3.4.1). */
export function signatureBase(token: AdeToken, request: OauthRequest): string {
  const { origin, pathname } = new URL(request.url);
  const pairs = Object.entries(oauthParameters(token, request)).map(
    ([name, value]) => `${encode(name)}=${encode(value)}`,
  );
  return ["GET", `${origin}${pathname}`, pairs.sort().join("&")].map(encode).join("&");
}

const oauthParameters = (token: AdeToken, { timestamp, nonce }: OauthRequest) => ({
  oauth_consumer_key: token.consumer_key,
  oauth_token: token.access_token,
  oauth_signature_method: "HMAC-SHA1",
  oauth_timestamp: String(timestamp),
  oauth_nonce: nonce,
  oauth_version: "1.0",
});

const signingKeyOf = (token: AdeToken): string =>
  `${encode(token.consumer_secret)}&${encode(token.access_secret)}`;

async function hmacSha1(key: string, text: string): Promise<string> {
  const algorithm = { name: "HMAC", hash: "SHA-1" };
  const imported = await crypto.subtle.importKey("raw", utf8(key), algorithm, false, ["sign"]);
  return toBase64(new Uint8Array(await crypto.subtle.sign("HMAC", imported, utf8(text))));
}

/** RFC 3986: everything but letters, digits and four marks. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
