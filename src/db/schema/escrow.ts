import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Escrowed secrets of deleted devices, so that none is lost, and those that the server made for a serial number. */
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
    /** Whether the device had confirmed it. */
    confirmed: integer("confirmed", { mode: "boolean" }).notNull().default(true),
    archivedAt: integer("archived_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.deviceId, table.storedAt, table.number] }),
    // the escrowed secrets for a serial number, from any enrollment
    index("escrow_archive_serial").on(table.serial),
  ],
);
