import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** One row: the values that differ from the defaults of the enrollment profile. */
export const enrollmentSettings = sqliteTable("enrollment_settings", {
  id: integer("id").primaryKey(),
  /** JSON. */
  value: text("value").notNull(),
  updatedAt: integer("updated_at").notNull(),
});
