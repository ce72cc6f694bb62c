import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** How far the messages about problems are; one row. */
export const mailStates = sqliteTable("mail_states", {
  id: integer("id").primaryKey(),
  /** Urgent problems that were told of until then are sent. */
  urgentUntil: integer("urgent_until").notNull().default(0),
  /** The day of the last digest, as 2027-01-31. */
  digestOn: text("digest_on").notNull().default(""),
  failures: integer("failures").notNull().default(0),
  triedAt: integer("tried_at").notNull().default(0),
  /** Why the last message did not go out, or not to everybody. */
  trouble: text("trouble"),
});
