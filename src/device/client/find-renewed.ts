import { currentIdentity } from "../identity/renewal.ts";
import { listedDevice } from "./identity-lookup.ts";

/** The present identity of a device, which a renewal ordered now will replace; undefined when there is none. */
export async function findRenewed(env: Env, deviceId: string): Promise<string | undefined> {
  // A lost object knows nothing until its device connects; the directory still knows.
  const known = (await env.DEVICE.getByName(deviceId).describe()) ?? (await listedDevice(env, deviceId));
  return known && currentIdentity(known.identities, known.generation)?.fingerprint;
}
