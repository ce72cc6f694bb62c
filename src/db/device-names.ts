import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";

/** What people call the device of a row: for lists of channels, which only have its id. */
export const namesOf = (
  deviceId: SQLiteColumn,
): { name: SQL<string | null>; serial: SQL<string | null> } => ({
  name: sql<string | null>`(SELECT devices.name FROM devices WHERE devices.id = ${deviceId})`,
  serial: sql<string | null>`(SELECT devices.serial FROM devices WHERE devices.id = ${deviceId})`,
});

export type DeviceNames = { name: string | null; serial: string | null };
