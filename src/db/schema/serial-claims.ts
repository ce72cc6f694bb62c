import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Which device goes by a serial number, or did last. Whether it is enrolled still, its object knows. */
export const serialClaims = sqliteTable("serial_claims", {
  serial: text("serial").primaryKey(),
  deviceId: text("device_id").notNull(),
  claimedAt: integer("claimed_at").notNull(),
});
