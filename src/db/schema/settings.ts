import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Runtime settings that differ from their defaults. */
export const settings = sqliteTable("settings", {
  name: text("name").primaryKey(),
  /** JSON; sealed, where the setting is a secret. */
  value: text("value").notNull(),
  updatedAt: integer("updated_at").notNull(),
});
