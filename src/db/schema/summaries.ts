import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** The fleet in numbers, as a job counted it last: one row. Small fleets are counted when somebody asks. */
export const summaries = sqliteTable("summaries", {
  id: text("id").primaryKey(),
  /** As `db/summary.ts` writes it. */
  tally: text("tally").notNull(),
  countedAt: integer("counted_at").notNull(),
});
