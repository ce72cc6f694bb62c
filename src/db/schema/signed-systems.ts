import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Apple's list of the systems that it signs (`gdmf/read-list.ts`), with what only we know: since when each is on it. */
export const signedSystems = sqliteTable(
  "signed_systems",
  {
    list: text("list", { enum: ["managed", "public", "improvement"] }).notNull(),
    platform: text("platform", {
      enum: ["ios", "ipados", "macos", "tvos", "visionos", "watchos"],
    }).notNull(),
    version: text("version").notNull(),
    build: text("build").notNull(),
    supplement: text("supplement").notNull(),
    /** As a number that sorts. */
    versionKey: integer("version_key").notNull(),
    prerequisiteBuild: text("prerequisite_build"),
    /** The earliest day that Apple ever named: it puts newer days on old entries. */
    firstPostedOn: text("first_posted_on").notNull(),
    postedOn: text("posted_on").notNull(),
    /** By model: its last day, or null. */
    models: text("models", { mode: "json" }).$type<Record<string, string | null>>().notNull(),
    firstSeenAt: integer("first_seen_at").notNull(),
    /** Since then every answer lacked it. */
    missingSince: integer("missing_since"),
  },
  (table) => [
    primaryKey({ columns: [table.list, table.platform, table.version, table.build] }),
    // the systems of a platform, newest first
    index("signed_systems_platform").on(table.platform, table.list, table.versionKey),
  ],
);

/** How the reading of the list goes; one row. */
export const signedSystemsReading = sqliteTable("signed_systems_reading", {
  id: integer("id").primaryKey(),
  /** When the list was last taken. */
  takenAt: integer("taken_at"),
  triedAt: integer("tried_at").notNull(),
  /** Why the last attempt brought nothing. */
  trouble: text("trouble"),
  /** Since then the answers were much shorter than what is kept. */
  shrunkSince: integer("shrunk_since"),
});
