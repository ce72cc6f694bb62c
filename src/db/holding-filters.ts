import { eq, type SQL, sql } from "drizzle-orm";
import type { Filter } from "./filter-lead.ts";
import { devices } from "./schema/devices.ts";
import { deviceApps } from "./schema/installed-apps.ts";
import { channelSets } from "./schema/sets.ts";

/** Devices by what they have: a set, on any of their channels, and an app, as they last reported. */
export function bySet(name: string): Filter {
  const { deviceId, userId, source, setName } = channelSets;
  const same = eq(setName, name);
  return {
    lead: {
      name: "set",
      table: channelSets,
      same,
      id: deviceId,
      // A device has a set once for each channel, and for each reason.
      once: sql`NOT EXISTS (SELECT 1 FROM ${channelSets} AS other WHERE other.set_name = ${name}
        AND other.device_id = ${deviceId} AND (other.user_id, other.source) < (${userId}, ${source}))`,
    },
    holds: existsIn(channelSets, same, deviceId),
  };
}

/** In the order of its versions. */
export function byApp(identifier: string): Filter {
  const { deviceId, version, identifier: app } = deviceApps;
  const same = eq(app, identifier);
  return {
    lead: { name: "app", table: deviceApps, same, order: version, id: deviceId },
    holds: existsIn(deviceApps, same, deviceId),
  };
}

const existsIn = (
  table: typeof channelSets | typeof deviceApps,
  same: SQL,
  deviceId: typeof channelSets.deviceId | typeof deviceApps.deviceId,
): SQL => sql`EXISTS (SELECT 1 FROM ${table} WHERE ${same} AND ${deviceId} = ${devices.id})`;
