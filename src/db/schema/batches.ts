import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** The order of a command or a push for many channels. The batch's object has its progress, `commands` the results. */
export const batches = sqliteTable(
  "batches",
  {
    /** It is also the CommandUUID of all its commands. */
    id: text("id").primaryKey(),
    /** Null: a push without a command. */
    requestType: text("request_type"),
    state: text("state", { enum: ["held", "running", "done", "cancelled"] }).notNull(),
    /** How many devices a destructive command reaches; 0 for every other command. */
    destroys: integer("destroys").notNull(),
    /** A property list, sealed as `batch-payload` of the id; null once it is not needed any more. */
    payloadSealed: text("payload_sealed"),
    createdBy: text("created_by").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [
    // the list, newest first, and the devices of destructive batches in the last hour
    index("batches_created").on(table.createdAt, table.id),
  ],
);
