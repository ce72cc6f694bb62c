import { openDb } from "../../db/open.ts";
import { claimSerial, readSerial } from "../../db/serial-claims.ts";
import { claimHoldsMs, type SerialStanding } from "../identity/serial-number.ts";

/**
 * Claims of serial numbers in D1. Each number has one row, changed by one conditional statement, so that only one of two
 * devices that enroll at the same moment gets it. Whether a device still has a number is asked of its own object, because
 * the directory may be a second late.
 */
export async function serialStanding(env: Env, serial: string, deviceId: string): Promise<SerialStanding> {
  const { claim, enrolled } = await readSerial(openDb(env.DB), serial, deviceId);
  const others = new Set([...(claim && claim.deviceId !== deviceId ? [claim.deviceId] : []), ...enrolled]);
  const answers = await Promise.all(
    [...others].map(async (id) =>
      (await env.DEVICE.getByName(id).goesBy(serial, deviceId)) ? id : undefined,
    ),
  );
  return { serial, claim, heldBy: answers.find((id) => id !== undefined) };
}

/** `from`: the device that loses the number. */
export async function claimFrom(
  env: Env,
  standing: SerialStanding,
  deviceId: string,
  from: string | undefined,
  now: number,
): Promise<SerialStanding> {
  const { serial, claim } = standing;
  const isFresh = claim && claim.deviceId !== deviceId && claim.claimedAt + claimHoldsMs > now;
  const isMine = !isFresh && (await claimSerial(openDb(env.DB), { serial, deviceId, claimedAt: now }, claim));
  // The other device may or may not complete its enrollment: this device comes again, and by then it is known.
  if (!isMine) throw new Error(`another device has just claimed the serial number ${serial}`);
  if (from !== undefined) await env.DEVICE.getByName(from).loseSerial(serial, deviceId);
  return { ...standing, claimedAt: now };
}
