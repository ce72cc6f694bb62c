import { fromBase64, fromUtf8, sameSecret, toBase64Url, utf8 } from "../base/bytes.ts";
import type { Channel } from "../db/memberships.ts";
import { parseEnrollmentId } from "../mdm/channel.ts";
import type { VariableFacts } from "../mdm/variables.ts";
import { masterKeys } from "../pki/master.ts";
import { derivedSecrets } from "../pki/seal.ts";
import { shelfLinkContext } from "../pki/seal-contexts.ts";

/**
 * The link of a channel's self-service page. It is signed for this channel and this enrollment, so it ends with the
 * enrollment, and nobody can make the link of another device. `renewals` ends all earlier links of the device.
 */
export type LinkFacts = { generation: number; shelfRenewals: number };

const longestToken = 1_000;

export const shelfPath = (token: string): string => `/shelf/${token}`;

export async function shelfUrl(
  env: Env,
  origin: string,
  channel: Channel,
  facts: LinkFacts,
): Promise<string> {
  const [token = ""] = await tokensOf(env, channel, facts);
  return `${origin}${shelfPath(token)}`;
}

/** The same values with `device.shelf_url`. Without an address of the server there is none. */
export async function withShelfUrl(
  env: Env,
  origin: string | undefined,
  channel: Channel,
  link: LinkFacts,
  facts: VariableFacts,
): Promise<VariableFacts> {
  if (!origin) return facts;
  return { ...facts, device: { ...facts.device, shelf_url: await shelfUrl(env, origin, channel, link) } };
}

/** Whose link it claims to be. Undefined: it is none. */
export function channelOfToken(token: string): Channel | undefined {
  if (token.length > longestToken) return undefined;
  const [name = ""] = token.split(".");
  const bytes = fromBase64(name);
  if (bytes === undefined || bytes.length === 0) return undefined;
  try {
    const { deviceId, userId = "" } = parseEnrollmentId(fromUtf8(bytes));
    return { deviceId, userId };
  } catch {
    return undefined;
  }
}

/** Whether it is the present link of this enrollment. */
export async function isPresentLink(
  env: Env,
  token: string,
  channel: Channel,
  facts: LinkFacts,
): Promise<boolean> {
  const good = await Promise.all(
    (await tokensOf(env, channel, facts)).map((present) => sameSecret(token, present)),
  );
  return good.includes(true);
}

/** One for each master key: links of a replaced key work until that key is taken away. */
async function tokensOf(
  env: Env,
  { deviceId, userId }: Channel,
  { generation, shelfRenewals }: LinkFacts,
): Promise<string[]> {
  const name = toBase64Url(utf8(userId === "" ? deviceId : `${deviceId}:${userId}`));
  const context = shelfLinkContext(deviceId, userId, String(generation), String(shelfRenewals));
  const secrets = await derivedSecrets(await masterKeys(env), context);
  return secrets.map((secret) => `${name}.${toBase64Url(secret)}`);
}
