import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { AppSource, AppUpdates } from "../../apps/app.ts";

/** The library of apps: what sets give to devices, under a name of the owner's choice. */
export const libraryApps = sqliteTable(
  "library_apps",
  {
    name: text("name").primaryKey(),
    /** Goes up by one with every change. */
    version: integer("version").notNull(),
    source: text("source", { mode: "json" }).$type<AppSource>().notNull(),
    /** The app in the store; null: it comes from elsewhere. */
    adamId: text("adam_id"),
    location: text("location"),
    /** A property list for the app, as `app-configuration` of the name and version; null: none. */
    sealedConfiguration: text("sealed_configuration"),
    /** SHA-256 of the configuration before variables are filled in, and its size. */
    configurationDigest: text("configuration_digest"),
    configurationSize: integer("configuration_size"),
    /** The variables in it. */
    variables: text("variables", { mode: "json" }).$type<string[]>().notNull(),
    removeWhenUnassigned: integer("remove_when_unassigned", { mode: "boolean" }).notNull(),
    updates: text("updates", { mode: "json" }).$type<AppUpdates>().notNull(),
    /** Apple's external version id. */
    pinnedVersion: integer("pinned_version"),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    /** A token's id. */
    updatedBy: text("updated_by").notNull(),
  },
  // which apps of the library a location's asset is
  (table) => [index("library_apps_asset").on(table.location, table.adamId)],
);

/** The state of each app on each device, as last reported by its object. */
export const appStates = sqliteTable(
  "app_states",
  {
    deviceId: text("device_id").notNull(),
    name: text("name").notNull(),
    state: text("state").notNull(),
    reason: text("reason"),
    /** Since when it is in this state. */
    since: integer("since").notNull(),
    /** Of the library's app, that the device should have. */
    version: integer("version").notNull(),
    /** `declarations` or `commands`; null: it is managed by neither yet. */
    managedBy: text("managed_by"),
    identifier: text("identifier"),
    /** What the device says is installed. */
    installedVersion: text("installed_version"),
    seq: integer("seq").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.deviceId, table.name] }),
    // an app across the fleet, and how many are in each state
    index("app_states_of").on(table.name, table.state, table.deviceId),
  ],
);
