import { toBase64Url, utf8 } from "../base/bytes.ts";
import type { AdeAccountRow } from "../db/ade-accounts.ts";
import { openPair } from "./key-pair.ts";

/**
 * What a device of an account shows to sign in with a Managed Apple Account that wants managed devices: a JWT signed with
 * the key whose certificate Apple's portal has. https://developer.apple.com/documentation/devicemanagement/get-token
 */
export type MaidToken = { jwt: string; jti: string };

/** undefined: the account has no key pair in use. */
export async function maidToken(
  env: Env,
  { name, certificate, sealedKey }: AdeAccountRow,
  serverUuid: string,
  now: number,
): Promise<MaidToken | undefined> {
  if (certificate === null || sealedKey === null) return undefined;
  const { pkcs8 } = await openPair(env, name, { certificate, sealedKey });
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]);
  const jti = crypto.randomUUID();
  const claims = { iss: serverUuid, iat: Math.floor(now / 1000), jti, service_type: "com.apple.maid" };
  const text = `${part({ alg: "RS256", typ: "JWT" })}.${part(claims)}`;
  const signature = await crypto.subtle.sign(algorithm, key, utf8(text));
  return { jwt: `${text}.${toBase64Url(new Uint8Array(signature))}`, jti };
}

const part = (value: object): string => toBase64Url(utf8(JSON.stringify(value)));
