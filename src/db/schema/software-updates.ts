import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Which system devices must have by when: compiled into declarations by the job `software-updates`. */
export const softwareUpdatePolicies = sqliteTable("software_update_policies", {
  name: text("name").primaryKey(),
  platforms: text("platforms", { mode: "json" }).$type<string[]>().notNull(),
  /** `declarations/software-update.ts` knows its form. */
  target: text("target", { mode: "json" }).$type<unknown>().notNull(),
  detailsUrl: text("details_url"),
  /** Whose channels it is for. */
  sets: text("sets", { mode: "json" }).$type<string[]>().notNull(),
  /** Nobody sees it any more; the job is still to take its declarations away. */
  removed: integer("removed", { mode: "boolean" }).notNull().default(false),
  createdAt: integer("created_at").notNull(),
  updatedAt: integer("updated_at").notNull(),
  /** A token's id. */
  updatedBy: text("updated_by").notNull(),
});

/** Versions that are out, as far as anybody said or a device of the fleet has them. */
export const osReleases = sqliteTable(
  "os_releases",
  {
    platform: text("platform").notNull(),
    version: text("version").notNull(),
    /** As a number that sorts. */
    versionKey: integer("version_key").notNull(),
    releasedAt: integer("released_at").notNull(),
    /** An administrator said so, or a device was the first to have it. */
    source: text("source", { enum: ["given", "seen"] }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.platform, table.version] }),
    // the newest of a platform
    index("os_releases_newest").on(table.platform, table.versionKey),
  ],
);
