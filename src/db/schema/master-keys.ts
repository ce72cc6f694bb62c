import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** The master keys under which values of this deployment may be sealed. To seal, a Worker must have all of them. */
export const masterKeys = sqliteTable("master_keys", {
  /** The start of its hash, as in every sealed value. */
  keyId: text("key_id").primaryKey(),
  /** A known text, sealed under it, in base64. */
  marker: text("marker").notNull(),
  since: integer("since").notNull(),
});
