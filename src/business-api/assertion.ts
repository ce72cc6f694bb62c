import { toBase64Url, utf8 } from "../base/bytes.ts";

/**
 * The client assertion of Apple's OAuth 2 (RFC 7523, ES256 of RFC 7518): who asks for an access token, signed with the
 * private key of an API account of the portal.
 *
 * Leaves to others: reading the key, and asking for the token (client.ts).
 *
 * The surprise: the audience is Apple's address with /v2/, also where the token is asked for without it.
 */
export type ApiKey = {
  /** `BUSINESSAPI.` or `SCHOOLAPI.` and a UUID. */
  clientId: string;
  keyId: string;
  /** PKCS#8 of an EC key on P-256. */
  pkcs8: Uint8Array<ArrayBuffer>;
};

export type Portal = "business" | "school";

const clientIdForm = /^(BUSINESS|SCHOOL)API\.[A-Za-z0-9-]{1,100}$/;

/** undefined: no client id of Apple's. */
export function portalOf(clientId: string): Portal | undefined {
  const [, word] = clientIdForm.exec(clientId) ?? [];
  return word === undefined ? undefined : word === "SCHOOL" ? "school" : "business";
}

const audience = "https://account.apple.com/auth/oauth2/v2/token";
const lifetimeSeconds = 15 * 60;

const part = (value: object): string => toBase64Url(utf8(JSON.stringify(value)));

export async function clientAssertion(
  { clientId, keyId, pkcs8 }: ApiKey,
  now: number,
  id: string,
): Promise<string> {
  const seconds = Math.floor(now / 1000);
  const claims = {
    iss: clientId,
    sub: clientId,
    aud: audience,
    iat: seconds,
    exp: seconds + lifetimeSeconds,
    jti: id,
  };
  const signed = `${part({ alg: "ES256", kid: keyId, typ: "JWT" })}.${part(claims)}`;
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]);
  const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, utf8(signed));
  return `${signed}.${toBase64Url(new Uint8Array(signature))}`;
}
