import { currentIdentity } from "../identity/renewal.ts";
import { listedDevice } from "./identity-lookup.ts";

/** The identity that a device goes by, which a renewal ordered now is to follow; undefined when there is none. */
export async function findRenewed(env: Env, deviceId: string): Promise<string | undefined> {
  // An object that was lost knows nothing until its device comes; the directory remembers.
  const known = (await env.DEVICE.getByName(deviceId).describe()) ?? (await listedDevice(env, deviceId));
  return known && currentIdentity(known.identities, known.generation)?.fingerprint;
}
