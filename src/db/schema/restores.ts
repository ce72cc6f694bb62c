import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Backups that are restored into this deployment, with their progress, because later pages find it in use. */
export const restores = sqliteTable("restores", {
  backup: text("backup").primaryKey(),
  /** How many pages are written, counted from the first. */
  pages: integer("pages").notNull(),
  startedAt: integer("started_at").notNull(),
  /** Null: pages are missing. */
  finishedAt: integer("finished_at"),
});
