import { fromBase64, fromUtf8, toBase64Url, utf8 } from "../base/bytes.ts";
import type { Channel } from "../db/memberships.ts";
import { parseEnrollmentId } from "../mdm/channel.ts";
import type { VariableFacts } from "../mdm/variables.ts";
import { masterKeys } from "../pki/master.ts";
import { shelfLinkContext } from "../pki/seal-contexts.ts";
import { isSignedLink, linkSignature } from "../pki/signed-link.ts";

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
  const { deviceId, userId } = channel;
  const name = toBase64Url(utf8(userId === "" ? deviceId : `${deviceId}:${userId}`));
  const signature = await linkSignature(await masterKeys(env), contextOf(channel, facts));
  return `${origin}${shelfPath(`${name}.${signature}`)}`;
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
  const [, signature = ""] = token.split(".");
  return isSignedLink(await masterKeys(env), contextOf(channel, facts), signature);
}

const contextOf = ({ deviceId, userId }: Channel, { generation, shelfRenewals }: LinkFacts) =>
  shelfLinkContext(deviceId, userId, String(generation), String(shelfRenewals));
