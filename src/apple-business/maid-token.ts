import { toBase64Url, utf8 } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { type AdeAccountRow, listAccountsWithToken } from "../db/ade-accounts.ts";
import { findLiveDevice } from "../db/live-devices.ts";
import { openDb } from "../db/open.ts";
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

/**
 * The token for an enrolled device: from the account that has its serial number. A device that no account has, such as one
 * that its user brought, is managed by this server too: it gets the token of the only account there is.
 */
export async function maidTokenFor(
  env: Env,
  serial: string | undefined,
  now: number,
): Promise<Result<MaidToken, { detail: string }>> {
  const db = openDb(env.DB);
  const accounts = await listAccountsWithToken(db);
  const own = serial === undefined ? undefined : (await findLiveDevice(db, serial))?.device.account;
  const [only, ...others] = accounts;
  const account = accounts.find(({ name }) => name === own) ?? (others.length === 0 ? only : undefined);
  if (account === undefined)
    return refuse({
      detail:
        accounts.length === 0
          ? "no account of Apple's portal is connected"
          : "none of the accounts of Apple's portal has this device",
    });
  const { serverUuid } = account;
  const made = serverUuid === null ? undefined : await maidToken(env, account, serverUuid, now);
  const withoutKey = `the account ${account.name} has no key pair in use: its token came in the clear`;
  return made ? ok(made) : refuse({ detail: withoutKey });
}

const part = (value: object): string => toBase64Url(utf8(JSON.stringify(value)));
