import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** `.mobileprovision` files as they were uploaded, with the facts read from them. */
export const provisioningProfiles = sqliteTable(
  "provisioning_profiles",
  {
    uuid: text("uuid").primaryKey(),
    name: text("name").notNull(),
    appId: text("app_id"),
    teamId: text("team_id"),
    platforms: text("platforms", { mode: "json" }).$type<string[]>().notNull(),
    /** UDIDs; null: for every device. */
    devices: text("devices", { mode: "json" }).$type<string[]>(),
    expiresAt: integer("expires_at").notNull(),
    /** The file, base64. */
    content: text("content").notNull(),
    uploadedAt: integer("uploaded_at").notNull(),
    /** The last notice about its end. */
    warned: text("warned", { enum: ["nothing", "expiring", "expired"] })
      .notNull()
      .default("nothing"),
  },
  (table) => [
    // those that end soon
    index("provisioning_profiles_expires").on(table.expiresAt),
  ],
);
