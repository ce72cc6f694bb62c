import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Which system version devices must have and when; the job `software-updates` turns it into declarations. */
export const softwareUpdatePolicies = sqliteTable("software_update_policies", {
  name: text("name").primaryKey(),
  platforms: text("platforms", { mode: "json" }).$type<string[]>().notNull(),
  /** `declarations/software-update.ts` knows its form. */
  target: text("target", { mode: "json" }).$type<unknown>().notNull(),
  detailsUrl: text("details_url"),
  /** The sets whose channels it applies to. */
  sets: text("sets", { mode: "json" }).$type<string[]>().notNull(),
  /** The plan in whose rings devices get a new target. Null: all at once. */
  rollout: text("rollout"),
  /** It is hidden; the job must still remove its declarations. */
  removed: integer("removed", { mode: "boolean" }).notNull().default(false),
  createdAt: integer("created_at").notNull(),
  updatedAt: integer("updated_at").notNull(),
  /** A token's id. */
  updatedBy: text("updated_by").notNull(),
});

/** Released versions, entered by an administrator or seen on a device. */
export const osReleases = sqliteTable(
  "os_releases",
  {
    platform: text("platform").notNull(),
    version: text("version").notNull(),
    /** As a number for sorting. */
    versionKey: integer("version_key").notNull(),
    releasedAt: integer("released_at").notNull(),
    /** Entered by an administrator, or first seen on a device. */
    source: text("source", { enum: ["given", "seen"] }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.platform, table.version] }),
    // the newest of a platform
    index("os_releases_newest").on(table.platform, table.versionKey),
  ],
);
