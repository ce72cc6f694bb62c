import { type ContentClient, contentClient } from "../apps-and-books/client.ts";
import type { MdmInfo } from "../apps-and-books/client-config.ts";
import { fromBase64, fromUtf8, utf8 } from "../base/bytes.ts";
import type { ContentLocationRow } from "../db/content-locations.ts";
import { sealingKeys } from "../db/sealing-keys.ts";
import { masterKeys } from "../pki/master.ts";
import { openOwn, sealText } from "../pki/seal.ts";
import { contentSecretContext, contentTokenContext } from "../pki/seal-contexts.ts";

/** How a location is reached. Its token and the secret of its notifications lie sealed in its row. */
export const sealToken = async (env: Env, name: string, file: string): Promise<string> =>
  sealText(await sealingKeys(env), contentTokenContext(name), utf8(file));

export const sealSecret = async (env: Env, name: string, secret: string): Promise<string> =>
  sealText(await sealingKeys(env), contentSecretContext(name), utf8(secret));

export async function openSecret(env: Env, { name, sealedSecret }: ContentLocationRow): Promise<string> {
  const sealed = fromBase64(sealedSecret) ?? new Uint8Array();
  return fromUtf8(await openOwn(await masterKeys(env), contentSecretContext(name), sealed));
}

export async function clientOf(
  env: Env,
  { name, sealedToken, baseUrl }: ContentLocationRow,
): Promise<ContentClient> {
  const sealed = fromBase64(sealedToken) ?? new Uint8Array();
  const token = fromUtf8(await openOwn(await masterKeys(env), contentTokenContext(name), sealed));
  return contentClient({ token, baseUrl: baseUrl ?? undefined });
}

const product = "edgemdm";

/** What this server writes down at Apple: that it manages the location. Apple takes 255 characters of it at most. */
export const ownMdmInfo = (mdmId: string, publicUrl: string): MdmInfo => ({
  id: mdmId,
  name: product,
  metadata: (URL.parse(publicUrl)?.host ?? product).slice(0, 255),
});
