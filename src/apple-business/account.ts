import { type AdeClient, adeClient } from "../ade/client.ts";
import { type AdeToken, tokenExpiresAt } from "../ade/token.ts";
import { fromBase64, fromUtf8, utf8 } from "../base/bytes.ts";
import type { AdeAccountRow } from "../db/ade-accounts.ts";
import { sealingKeys } from "../db/sealing-keys.ts";
import { masterKeys } from "../pki/master.ts";
import { openOwn, sealText } from "../pki/seal.ts";
import { adeTokenContext } from "../pki/seal-contexts.ts";

/** How an account reaches Apple: what of its row the client is made from. */
export type Reach = Pick<AdeAccountRow, "baseUrl" | "userAgent" | "protocolVersion">;

export const clientFor = (token: AdeToken, { baseUrl, userAgent, protocolVersion }: Reach): AdeClient =>
  adeClient({
    token,
    ...(baseUrl !== null && { baseUrl }),
    ...(userAgent !== null && { userAgent }),
    ...(protocolVersion !== null && { protocolVersion }),
  });

export const sealToken = async (env: Env, account: string, token: AdeToken): Promise<string> =>
  sealText(await sealingKeys(env), adeTokenContext(account), utf8(JSON.stringify(token)));

/** undefined: no token has come yet. */
export async function openToken(
  env: Env,
  { name, sealedToken }: AdeAccountRow,
): Promise<AdeToken | undefined> {
  if (sealedToken === null) return undefined;
  const sealed = fromBase64(sealedToken) ?? new Uint8Array();
  const opened = await openOwn(await masterKeys(env), adeTokenContext(name), sealed);
  return JSON.parse(fromUtf8(opened)) as AdeToken;
}

/** Of the row, when a token has been proven. */
export const tokenColumns = (token: AdeToken, now: number) => ({
  tokenExpiresAt: tokenExpiresAt(token),
  tokenAt: now,
});
