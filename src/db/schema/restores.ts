import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Backups that were written into this deployment, and how far: its later pages find a deployment in use. */
export const restores = sqliteTable("restores", {
  backup: text("backup").primaryKey(),
  /** How many pages, from the first on, are written. */
  pages: integer("pages").notNull(),
  startedAt: integer("started_at").notNull(),
  /** Null: pages are missing. */
  finishedAt: integer("finished_at"),
});
