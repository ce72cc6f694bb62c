import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** What came of asking the public address from outside, the last time; one row. */
export const selftests = sqliteTable("selftests", {
  id: integer("id").primaryKey(),
  address: text("address").notNull(),
  testedAt: integer("tested_at").notNull(),
  /** `selftest/client.ts` knows their form. */
  findings: text("findings", { mode: "json" }).$type<unknown[]>().notNull(),
});
