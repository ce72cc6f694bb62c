import { and, eq, gt, gte, lt, sql } from "drizzle-orm";
import type { Statement } from "./directory.ts";
import { keyAfter } from "./keyset.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { devices } from "./schema/devices.ts";
import { apps, deviceApps } from "./schema/installed-apps.ts";

/**
 * Replaces a device's apps and updates the counts of the fleet: statements of one batch, which write only the difference.
 * Events before the device's newest one (`seq`) change nothing, so the batch may be repeated. In the batch these
 * statements must come before the device's row gets the new sequence.
 */
export function replaceApps(
  db: Db,
  deviceId: string,
  seq: number,
  list: readonly (readonly [identifier: string, version: string, name: string])[],
): Statement[] {
  const json = JSON.stringify(list);
  const told = sql`SELECT value->>0, value->>1 FROM json_each(${json})`;
  const had = sql`SELECT identifier, version FROM device_apps WHERE device_id = ${deviceId}`;
  const isNews = sql`EXISTS (SELECT 1 FROM devices WHERE id = ${deviceId} AND applied_seq < ${seq})`;
  const added = sql`FROM json_each(${json}) WHERE (value->>0, value->>1) NOT IN (${had}) AND ${isNews}`;
  return [
    db
      .update(apps)
      .set({ devices: sql`devices - 1` })
      .where(sql`(identifier, version) IN (${had} EXCEPT ${told}) AND ${isNews}`),
    db
      .insert(apps)
      .select(sql`SELECT value->>0, value->>1, value->>2, 1 ${added}`)
      .onConflictDoUpdate({
        target: [apps.identifier, apps.version],
        set: { devices: sql`${apps.devices} + 1`, name: sql`excluded.name` },
      }),
    db.delete(apps).where(sql`devices <= 0 AND (identifier, version) IN (${had}) AND ${isNews}`),
    db
      .delete(deviceApps)
      .where(
        sql`device_id = ${deviceId} AND identifier NOT IN (SELECT value->>0 FROM json_each(${json})) AND ${isNews}`,
      ),
    db
      .insert(deviceApps)
      .select(sql`SELECT ${deviceId}, value->>0, value->>1 ${added}`)
      .onConflictDoUpdate({
        target: [deviceApps.deviceId, deviceApps.identifier],
        set: { version: sql`excluded.version` },
      }),
  ];
}

export type InstalledAppRow = {
  identifier: string;
  name: string;
  devices: number;
  versions: { version: string; devices: number }[];
};

/** By identifier. Reads only the versions of the apps on the page, whatever the number of devices. */
export function listInstalledApps(
  db: Db,
  { prefix = "", after = "" }: { prefix?: string | undefined; after?: string | undefined },
  limit: number,
): Promise<InstalledAppRow[]> {
  const versions = sql<string>`json_group_array(json_object('version', ${apps.version}, 'devices', ${apps.devices}))`;
  return read(() =>
    db
      .select({
        identifier: apps.identifier,
        name: sql<string>`max(${apps.name})`,
        devices: sql<number>`sum(${apps.devices})`,
        versions: versions.mapWith((text: string) => JSON.parse(text) as InstalledAppRow["versions"]),
      })
      .from(apps)
      .where(
        and(
          gt(apps.identifier, after),
          gte(apps.identifier, prefix),
          prefix === "" ? undefined : lt(apps.identifier, `${prefix}\u{10ffff}`),
        ),
      )
      .groupBy(apps.identifier)
      .orderBy(apps.identifier)
      .limit(limit),
  );
}

export type InstalledAppDeviceRow = {
  deviceId: string;
  version: string;
  name: string | null;
  serial: string | null;
  platform: (typeof devices.$inferSelect)["platform"];
  osVersion: string | null;
};

/** By version, then device id: a range of one index. */
export function listInstalledAppDevices(
  db: Db,
  identifier: string,
  version: string | undefined,
  limit: number,
  after: readonly [version: string, deviceId: string] | undefined,
): Promise<InstalledAppDeviceRow[]> {
  const { deviceId, version: installed } = deviceApps;
  const { name, serial, platform, osVersion } = devices;
  return read(() =>
    db
      .select({ deviceId, version: installed, name, serial, platform, osVersion })
      .from(deviceApps)
      .leftJoin(devices, eq(devices.id, deviceId))
      .where(
        and(
          eq(deviceApps.identifier, identifier),
          version === undefined ? undefined : eq(installed, version),
          keyAfter([installed, deviceId], after),
        ),
      )
      .orderBy(installed, deviceId)
      .limit(limit),
  );
}
