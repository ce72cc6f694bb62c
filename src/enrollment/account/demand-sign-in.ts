import {
  grantsTakenBack,
  type Identified,
  revokeGrantsOfDevice,
  revokeGrantsOfPerson,
} from "../../db/account-grants.ts";
import { openDb } from "../../db/open.ts";

/**
 * The device stays enrolled, and is served no more until its person has signed in again. First what brings new tokens is
 * taken back, so that none is brought in between.
 */
export async function demandSignIn(env: Env, deviceId: string, by: string, now: number): Promise<boolean> {
  await revokeGrantsOfDevice(openDb(env.DB), deviceId, now);
  return env.DEVICE.getByName(deviceId).demandSignIn(by);
}

/** A person has a few devices. One who has more, such as a shared account, has the rest of them asked by their tokens' end. */
const mostDevices = 50;
const atOnce = 5;

/**
 * The same for every device that goes by a sign-in of that person. A device that somebody else has signed in on since is
 * left alone. `since`: a try from then on may have been cut off, and is finished.
 */
export async function demandSignInOfPerson(
  env: Env,
  who: Identified,
  { by, since }: { by: string; since: number },
  now: number,
): Promise<number> {
  const db = openDb(env.DB);
  await revokeGrantsOfPerson(db, who, now);
  const grants = Map.groupBy(await grantsTakenBack(db, who, since, mostDevices), ({ deviceId }) => deviceId);
  const devices = [...grants];
  let asked = 0;
  for (let start = 0; start < devices.length; start += atOnce) {
    const answers = await Promise.all(
      devices.slice(start, start + atOnce).map(([deviceId, rows]) =>
        env.DEVICE.getByName(deviceId).demandSignIn(
          by,
          rows.map(({ id }) => id),
        ),
      ),
    );
    asked += answers.filter((isAsked) => isAsked).length;
  }
  return asked;
}
