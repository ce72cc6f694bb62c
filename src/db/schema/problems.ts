import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** What needs a person, as the jobs found it last. What is solved has no row: the log of events tells of it. */
export const problems = sqliteTable("problems", {
  /** Code and subject: found again, it is the same one. */
  key: text("key").primaryKey(),
  code: text("code").notNull(),
  subject: text("subject").notNull(),
  urgency: text("urgency", { enum: ["urgent", "soon", "notice"] }).notNull(),
  facts: text("facts", { mode: "json" }).$type<Record<string, string | number | null>>().notNull(),
  /** How many devices it touches; null: none in particular. */
  devices: integer("devices"),
  /** When what still works ends. */
  endsAt: integer("ends_at"),
  /** How near the end is, in steps; with each a person is reminded. */
  stage: integer("stage").notNull(),
  openedAt: integer("opened_at").notNull(),
  toldAt: integer("told_at").notNull(),
});

/** Backups that were read to their end, for the reminder of the next. */
export const backupsMade = sqliteTable("backups_made", {
  backup: text("backup").primaryKey(),
  finishedAt: integer("finished_at").notNull(),
});
