import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Links that enroll devices, each for some number of them. The code is only in the link; this table has its hash. */
export const invitations = sqliteTable(
  "invitations",
  {
    id: text("id").primaryKey(),
    /** SHA-256 of the code, lower-case hex. */
    codeHash: text("code_hash").notNull().unique(),
    note: text("note").notNull(),
    /** Only the device with this serial number can use its profile. */
    serial: text("serial"),
    /** An administrator made it: the device that it names may enroll again while it is enrolled. */
    replaces: integer("replaces", { mode: "boolean" }).notNull().default(false),
    /** The person it is for. */
    account: text("account"),
    maxUses: integer("max_uses").notNull(),
    uses: integer("uses").notNull().default(0),
    lastUsedAt: integer("last_used_at"),
    /** The sealed challenge of the last profile: a person who lost the download gets the same one again. */
    lastChallenge: text("last_challenge_sealed"),
    lastChallengeExpiresAt: integer("last_challenge_expires_at"),
    createdAt: integer("created_at").notNull(),
    /** The id of the token that made it. */
    createdBy: text("created_by").notNull(),
    expiresAt: integer("expires_at").notNull(),
    revokedAt: integer("revoked_at"),
  },
  (table) => [
    // The list, newest first.
    index("invitations_created").on(table.createdAt, table.id),
  ],
);
