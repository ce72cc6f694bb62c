import type { AdeProfile } from "../ade/profile.ts";
import { findLiveDevice } from "../db/live-devices.ts";
import type { Db } from "../db/open.ts";
import { openServer, type SyncAnswer } from "./object.ts";

/** A device that Apple's portal gave to one of our accounts. */
export type ProvisionedDevice = {
  serial: string;
  account: string;
  family: string | null;
  os: string | null;
  /** What Apple says: `empty`, `assigned`, `pushed`, `removed`; null where it says nothing. */
  profileStatus: string | null;
  /** The profile that Apple gives it; undefined: none, or one that was not defined here. */
  profile: { name: string; version: number; value: AdeProfile } | undefined;
  /** The profile that it should have here; null: none. */
  wantedProfile: string | null;
  /** It comes from another server, and must have moved by then. */
  migrationDeadline: number | null;
};

/** undefined: no account has this device now. */
export async function findProvisioned(db: Db, serial: string): Promise<ProvisionedDevice | undefined> {
  const found = await findLiveDevice(db, serial);
  if (!found) return undefined;
  const { device, given } = found;
  return {
    serial: device.serial,
    account: device.account,
    family: device.family,
    os: device.os,
    profileStatus: device.profileStatus,
    profile: given,
    wantedProfile: device.profile,
    migrationDeadline: device.migrationDeadline,
  };
}

/** Devices come here at their activation, and nobody waits long for a page that loads. */
const mostWaitMs = 8_000;

/** Asks Apple what changed, as for a device that no account knows yet: bounded, and seldom twice in a moment. */
export const askForSync = (env: Env, account: string, withinMs = mostWaitMs): Promise<SyncAnswer> =>
  openServer(env, account).syncNow(withinMs);
