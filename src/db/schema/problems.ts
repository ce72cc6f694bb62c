import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** The open problems that the jobs found last. Solved ones have no row; they are in the log of events. */
export const problems = sqliteTable("problems", {
  /** Code and subject identify a problem. */
  key: text("key").primaryKey(),
  code: text("code").notNull(),
  subject: text("subject").notNull(),
  urgency: text("urgency", { enum: ["urgent", "soon", "notice"] }).notNull(),
  facts: text("facts", { mode: "json" }).$type<Record<string, string | number | null>>().notNull(),
  /** How many devices it affects; null: it does not concern particular devices. */
  devices: integer("devices"),
  /** When something that still works will end. */
  endsAt: integer("ends_at"),
  /** How near the end is, in steps; there is a reminder at each step. */
  stage: integer("stage").notNull(),
  openedAt: integer("opened_at").notNull(),
  toldAt: integer("told_at").notNull(),
});

/** The newest release that was told of; one row. */
export const newestReleases = sqliteTable("newest_releases", {
  id: integer("id").primaryKey(),
  version: text("version").notNull(),
  seenAt: integer("seen_at").notNull(),
});

/** Complete backups, for the reminder to make the next one. */
export const backupsMade = sqliteTable("backups_made", {
  backup: text("backup").primaryKey(),
  finishedAt: integer("finished_at").notNull(),
});
