import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { devices } from "./schema/devices.ts";

/** What the list of devices can be sorted by. Each has an index that begins with it. */
export const deviceOrders = {
  id: undefined,
  name: devices.nameKey,
  serial: devices.serialKey,
  os_version: devices.osKey,
  enrolled_at: devices.enrolledKey,
  last_seen_at: devices.seenKey,
} as const satisfies Record<string, SQLiteColumn | undefined>;

export type DeviceOrder = { by: keyof typeof deviceOrders; falling: boolean };
