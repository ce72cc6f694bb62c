import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Escrow of devices that were deleted: nothing escrowed is lost without a word. */
export const escrowArchive = sqliteTable(
  "escrow_archive",
  {
    deviceId: text("device_id").notNull(),
    /** When it was stored, and a count, in the object that had it. */
    storedAt: integer("stored_at").notNull(),
    number: integer("number").notNull(),
    serial: text("serial"),
    name: text("name").notNull(),
    generation: integer("generation").notNull(),
    sealed: text("sealed").notNull(),
    /** Whether the device had taken it. */
    confirmed: integer("confirmed", { mode: "boolean" }).notNull().default(true),
    archivedAt: integer("archived_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.deviceId, table.storedAt, table.number] }),
    // what is escrowed for a serial number, whichever enrollment it came by
    index("escrow_archive_serial").on(table.serial),
  ],
);
