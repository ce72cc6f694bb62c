import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/** From least to most; what each may do is said in `admin/roles.ts`. */
export const roles = ["viewer", "operator", "admin"] as const;

export const apiTokens = sqliteTable(
  "api_tokens",
  {
    id: text("id").primaryKey(),
    name: text("name").notNull(),
    role: text("role", { enum: roles }).notNull(),
    /** How the token begins, for a person who looks for it. */
    prefix: text("prefix").notNull(),
    /** SHA-256 of the token, in hex; the token itself is kept nowhere. */
    hash: text("hash").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: integer("created_at").notNull(),
    expiresAt: integer("expires_at"),
    revokedAt: integer("revoked_at"),
    lastUsedAt: integer("last_used_at"),
  },
  (table) => [
    // findTokenByHash: every API request
    uniqueIndex("api_tokens_by_hash").on(table.hash),
    // listTokens: newest first
    index("api_tokens_by_creation").on(table.createdAt, table.id),
  ],
);
