import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Apps across the fleet: how many devices have which version. Updated together with the next table, never counted again. */
export const apps = sqliteTable(
  "apps",
  {
    identifier: text("identifier").notNull(),
    version: text("version").notNull(),
    name: text("name").notNull(),
    devices: integer("devices").notNull(),
  },
  // the list in the order of identifiers, with all versions of each
  (table) => [primaryKey({ columns: [table.identifier, table.version] })],
);

/** Which device has which app, on its device channel; one version of each. */
export const deviceApps = sqliteTable(
  "device_apps",
  {
    deviceId: text("device_id").notNull(),
    identifier: text("identifier").notNull(),
    version: text("version").notNull(),
  },
  (table) => [
    // the apps of a device: to replace them
    primaryKey({ columns: [table.deviceId, table.identifier] }),
    // the devices that have an app, or one version of it
    index("device_apps_app").on(table.identifier, table.version, table.deviceId),
  ],
);
