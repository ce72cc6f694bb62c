import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** One command, or a push, for many channels: what was asked. How it goes, the batch's object knows; what came of it, `commands`. */
export const batches = sqliteTable(
  "batches",
  {
    /** Also the CommandUUID of all its commands. */
    id: text("id").primaryKey(),
    /** Null: a push and no command. */
    requestType: text("request_type"),
    state: text("state", { enum: ["held", "running", "done", "cancelled"] }).notNull(),
    /** How many devices lose something that cannot be given back; 0 for every other command. */
    destroys: integer("destroys").notNull(),
    /** A property list, sealed as `batch-payload` of the id; null once nobody gets it any more. */
    payloadSealed: text("payload_sealed"),
    createdBy: text("created_by").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [
    // the list, newest first, and how many devices were at stake in the last hour
    index("batches_created").on(table.createdAt, table.id),
  ],
);
