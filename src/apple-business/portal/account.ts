import { fromBase64, fromUtf8, utf8 } from "../../base/bytes.ts";
import type { ApiKey } from "../../business-api/assertion.ts";
import { type BusinessClient, businessClient } from "../../business-api/client.ts";
import type { AccessToken } from "../../business-api/token.ts";
import { openDb } from "../../db/open.ts";
import { changePortalAccount, type PortalAccountRow } from "../../db/portal-accounts.ts";
import { sealingKeys } from "../../db/sealing-keys.ts";
import { masterKeys } from "../../pki/master.ts";
import { openOwn, sealText } from "../../pki/seal.ts";
import { portalKeyContext, portalTokenContext } from "../../pki/seal-contexts.ts";

/** How an API account reaches Apple. Key and access token lie sealed in its row, so every isolate has the same. */
export const sealKey = async (env: Env, account: string, key: ApiKey): Promise<string> =>
  sealText(await sealingKeys(env), portalKeyContext(account, key.clientId, key.keyId), key.pkcs8);

export async function clientOf(env: Env, row: PortalAccountRow): Promise<BusinessClient> {
  const { name, clientId, keyId, baseUrl } = row;
  const keys = await masterKeys(env);
  const sealedKey = fromBase64(row.sealedKey) ?? new Uint8Array();
  const pkcs8 = await openOwn(keys, portalKeyContext(name, clientId, keyId), sealedKey);
  return businessClient({
    key: { clientId, keyId, pkcs8 },
    baseUrl: baseUrl ?? undefined,
    token: await openToken(env, row),
    keepToken: async (token) => {
      await changePortalAccount(openDb(env.DB), name, await tokenColumns(env, name, token));
    },
  });
}

async function openToken(
  env: Env,
  { name, sealedToken, tokenUntil }: PortalAccountRow,
): Promise<AccessToken | undefined> {
  if (sealedToken === null || tokenUntil === null) return undefined;
  const sealed = fromBase64(sealedToken) ?? new Uint8Array();
  const token = fromUtf8(await openOwn(await masterKeys(env), portalTokenContext(name), sealed));
  return { token, until: tokenUntil };
}

export async function tokenColumns(env: Env, name: string, token: AccessToken | undefined) {
  if (!token) return { sealedToken: null, tokenUntil: null };
  const sealedToken = await sealText(await sealingKeys(env), portalTokenContext(name), utf8(token.token));
  return { sealedToken, tokenUntil: token.until };
}
