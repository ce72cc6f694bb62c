import { getTableColumns } from "drizzle-orm";
import type { AdeProfile } from "../ade/profile.ts";
import type { AdeDeviceRow } from "./ade-devices.ts";
import { leanFound, rowReader } from "./lean.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { adeDevices, adeProfileVersions } from "./schema/ade.ts";

/** The version of one of our profiles that Apple says a device has. */
export type GivenProfile = { name: string; version: number; value: AdeProfile };

const { name, version, value } = getTableColumns(adeProfileVersions);
const readDevice = rowReader(getTableColumns(adeDevices));
const readGiven = rowReader({ name, version, value });

/** Whose device it is now; where two accounts claim it, the one that heard of it last. */
export async function findLiveDevice(
  db: Db,
  serial: string,
): Promise<{ device: AdeDeviceRow; given: GivenProfile | undefined } | undefined> {
  const [found] = await read(() =>
    leanFound(
      db,
      `SELECT ade_devices.*, given.name, given.version, given.value FROM ade_devices
        JOIN ade_accounts ON ade_accounts.name = ade_devices.account
        LEFT JOIN ade_profile_definitions AS defined
          ON defined.account = ade_devices.account AND defined.profile_uuid = ade_devices.profile_uuid
        LEFT JOIN ade_profile_versions AS given ON given.name = defined.name AND given.version = defined.version
        WHERE ade_devices.serial = ?1 AND ade_devices.deleted_at IS NULL
        ORDER BY ade_devices.first_seen_at DESC, ade_devices.account LIMIT 1`,
      [serial],
    ),
  );
  return found && { device: readDevice(found), given: found.name === null ? undefined : readGiven(found) };
}
