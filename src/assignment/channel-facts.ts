import { findListed } from "../db/directory.ts";
import type { Channel } from "../db/memberships.ts";
import type { Db } from "../db/open.ts";
import { findPerson } from "../db/people.ts";
import { variableFacts } from "../db/variable-facts.ts";
import type { VariableFacts } from "../mdm/variables.ts";
import { withShelfUrl } from "./shelf-link.ts";

/**
 * The values of variables on one channel, from the directory; undefined: it has no such device. `origin`: where the device
 * finds the server; undefined: nobody knows.
 */
export async function findChannelFacts(
  env: Env,
  db: Db,
  channel: Channel,
  origin: string | undefined,
): Promise<VariableFacts | undefined> {
  const { deviceId, userId } = channel;
  const { device, channels } = await findListed(db, deviceId);
  if (device === undefined) return undefined;
  const person = device.personId === null ? undefined : await findPerson(db, device.personId);
  const facts = variableFacts(device, userId === "" ? undefined : { userId, channels }, person);
  return withShelfUrl(env, origin, channel, device, facts);
}
