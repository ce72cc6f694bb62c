import type { AdeProfile } from "../ade/profile.ts";
import { findLiveDevice } from "../db/ade-devices.ts";
import type { Db } from "../db/open.ts";

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
