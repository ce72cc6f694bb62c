import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/** From least to most; `admin/roles.ts` says what each may do. */
export const roles = ["viewer", "helpdesk", "operator", "admin"] as const;

/** In addition to a role; the role admin has all rights. */
export const rights = ["erase", "read-escrow", "disown"] as const;

/** Where a token comes from: made to last, from a person's sign-in, or for a token of another issuer. */
export const tokenKinds = ["token", "sign-in", "exchange"] as const;

export const apiTokens = sqliteTable(
  "api_tokens",
  {
    id: text("id").primaryKey(),
    name: text("name").notNull(),
    role: text("role", { enum: roles }).notNull(),
    rights: text("rights", { mode: "json" }).$type<(typeof rights)[number][]>().notNull().default([]),
    /** The beginning of the token, for a person who looks for it. */
    prefix: text("prefix").notNull(),
    /** SHA-256 of the token, in hex; the token itself is not stored. */
    hash: text("hash").notNull(),
    /** The hash of the token before the last rotation, and until when it is also accepted. */
    previousHash: text("previous_hash"),
    previousUntil: integer("previous_until"),
    createdBy: text("created_by").notNull(),
    kind: text("kind", { enum: tokenKinds }).notNull().default("token"),
    /** Of a sign-in: who it is, as JSON. Of an exchange: the id of the rule. */
    origin: text("origin"),
    createdAt: integer("created_at").notNull(),
    expiresAt: integer("expires_at"),
    revokedAt: integer("revoked_at"),
    lastUsedAt: integer("last_used_at"),
  },
  (table) => [
    // findTokenByHash: every API request
    uniqueIndex("api_tokens_by_hash").on(table.hash),
    uniqueIndex("api_tokens_by_previous_hash").on(table.previousHash),
    // listTokens: newest first
    index("api_tokens_by_creation").on(table.createdAt, table.id),
    // revokeTokensOf, pruneShortTokens
    index("api_tokens_by_kind").on(table.kind, table.expiresAt),
  ],
);
