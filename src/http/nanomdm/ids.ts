import type { Context } from "hono";
import { mapInFlight } from "../../base/in-flight.ts";
import { listedAmong } from "../../db/devices.ts";
import type { Channel } from "../../db/memberships.ts";
import type { Db } from "../../db/open.ts";
import { isDeviceId } from "../../mdm/channel.ts";
import { channelOf } from "../kmfddm/channel.ts";

/** So many are asked one by one, and the call waits for each; more become a batch. */
export const mostAskedAtOnce = 25;
export const mostIds = 10_000;

/** The ids of the address: what stands after the prefix, split at commas, each once. */
export function idsIn(c: Context, prefix: string): string[] {
  const rest = new URL(c.req.url).pathname.slice(prefix.length);
  return [...new Set(decoded(rest).split(",").filter(Boolean))];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** undefined: no device can have such an id. */
export function channelNamed(id: string): Channel | undefined {
  const channel = channelOf(id);
  return isDeviceId(channel.deviceId) ? channel : undefined;
}

/** The directory may be a second late: so many devices that it does not know are asked themselves. */
const mostDoubted = 200;

/** Those of the ids whose device is known. */
export async function knownAmong(env: Env, db: Db, ids: readonly string[]): Promise<Set<string>> {
  const wanted = [...new Set(ids.map(deviceOf))];
  const known = await listedAmong(db, wanted);
  const doubted = wanted.filter((id) => !known.has(id) && isDeviceId(id)).slice(0, mostDoubted);
  await mapInFlight(doubted, mostAskedAtOnce, async (id) => {
    if (await env.DEVICE.getByName(id).describe()) known.add(id);
  });
  return new Set(ids.filter((id) => known.has(deviceOf(id))));
}

const deviceOf = (id: string): string => channelOf(id).deviceId;
