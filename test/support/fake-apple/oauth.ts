import { AppleRefusal } from "./refusal.ts";

// How Apple looks at the request for a session (OAuth 1.0a): written from RFC 5849, apart from the code that signs.

export type IssuedToken = {
  consumer_key: string;
  consumer_secret: string;
  access_token: string;
  access_secret: string;
  access_token_expiry: string;
};

const required = [
  "oauth_consumer_key",
  "oauth_token",
  "oauth_signature_method",
  "oauth_signature",
  "oauth_timestamp",
  "oauth_nonce",
  "oauth_version",
];
const allowedDriftMs = 5 * 60 * 1000;

export type OauthCheck = {
  now: number;
  tokenFor: (consumerKey: string, accessToken: string) => IssuedToken | undefined;
  /** Timestamps with their nonces that were used already. */
  used: Set<string>;
};

const bad = () => new AppleRefusal(400, "oauth_problem_adviceBad Request");
const unauthorized = (why: string) => new AppleRefusal(401, `${why} oauth_problem_adviceUnauthorized`);

/** The token whose holder signed this request; throws Apple's refusal otherwise. */
export async function checkOauth(request: Request, check: OauthCheck): Promise<IssuedToken> {
  const fields = readHeader(request.headers.get("Authorization") ?? "");
  if (fields.get("oauth_signature_method") !== "HMAC-SHA1" || fields.get("oauth_version") !== "1.0")
    throw bad();
  const field = (name: string): string => fields.get(name) ?? "";
  const token = check.tokenFor(field("oauth_consumer_key"), field("oauth_token"));
  if (!token) throw unauthorized("token_rejected");
  const at = Number(field("oauth_timestamp")) * 1000;
  if (!Number.isInteger(at) || Math.abs(at - check.now) > allowedDriftMs)
    throw unauthorized("timestamp_refused");
  if (field("oauth_nonce") === "") throw bad();

  const expected = await signatureOf(request, fields, token);
  if (expected !== field("oauth_signature")) throw unauthorized("signature_invalid");
  const use = `${token.consumer_key} ${at} ${field("oauth_nonce")}`;
  if (check.used.has(use)) throw unauthorized("nonce_used");
  check.used.add(use);
  return token;
}

function readHeader(header: string): Map<string, string> {
  const [, list] = header.match(/^OAuth (.*)$/) ?? [];
  if (list === undefined) throw bad();
  const fields = new Map<string, string>();
  for (const part of list.split(/,\s*/)) {
    const [, name = "", value = ""] = part.match(/^([A-Za-z_]+)="([^"]*)"$/) ?? [];
    if (name === "" || fields.has(name)) throw bad();
    fields.set(name, decodeURIComponent(value));
  }
  if ((fields.get("realm") ?? "ADM") !== "ADM") throw bad();
  fields.delete("realm");
  const isComplete = required.every((name) => fields.has(name)) && fields.size === required.length;
  if (!isComplete) throw bad();
  return fields;
}

async function signatureOf(
  request: Request,
  fields: ReadonlyMap<string, string>,
  token: IssuedToken,
): Promise<string> {
  const url = new URL(request.url);
  const parameters = [...fields, ...url.searchParams]
    .filter(([name]) => name !== "oauth_signature")
    .map(([name, value]) => [percent(name), percent(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1))
    .map((pair) => pair.join("="))
    .join("&");
  const text = [request.method, percent(url.origin + url.pathname), percent(parameters)].join("&");
  const bytes = new TextEncoder();
  const key = await crypto.subtle.importKey(
    "raw",
    bytes.encode(`${percent(token.consumer_secret)}&${percent(token.access_secret)}`),
    { name: "HMAC", hash: "SHA-1" },
    false,
    ["sign"],
  );
  const signature = new Uint8Array(await crypto.subtle.sign("HMAC", key, bytes.encode(text)));
  return btoa(String.fromCharCode(...signature));
}

/** Byte by byte, as RFC 5849 section 3.6 has it. */
const percent = (text: string): string =>
  [...new TextEncoder().encode(text)]
    .map((byte) => {
      const letter = String.fromCharCode(byte);
      return /[A-Za-z0-9\-._~]/.test(letter)
        ? letter
        : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    })
    .join("");
