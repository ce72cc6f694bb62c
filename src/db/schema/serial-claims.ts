import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** The device that has or last had a serial number. Its object knows whether it is still enrolled. */
export const serialClaims = sqliteTable("serial_claims", {
  serial: text("serial").primaryKey(),
  deviceId: text("device_id").notNull(),
  claimedAt: integer("claimed_at").notNull(),
});
