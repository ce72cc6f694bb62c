import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { type rights, roles } from "./tokens.ts";

/** Whose tokens are exchanged for an API token, and for which. */
export const tokenExchangeRules = sqliteTable(
  "token_exchange_rules",
  {
    id: text("id").primaryKey(),
    name: text("name").notNull(),
    issuer: text("issuer").notNull(),
    /** The `sub` of the token; a `*` at its end stands for any rest. */
    subject: text("subject").notNull(),
    /** Claim -> the values of which it must have one. */
    claims: text("claims", { mode: "json" }).$type<Record<string, string[]>>().notNull(),
    role: text("role", { enum: roles }).notNull(),
    rights: text("rights", { mode: "json" }).$type<(typeof rights)[number][]>().notNull(),
    lifetimeMinutes: integer("lifetime_minutes").notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    lastUsedAt: integer("last_used_at"),
  },
  (table) => [
    // rulesOfIssuer: every exchange
    index("token_exchange_rules_by_issuer").on(table.issuer),
  ],
);

/** Tokens and codes that are taken once: the hash of each, until it is too old to be taken at all. */
export const spentTokens = sqliteTable(
  "spent_tokens",
  {
    id: text("id").primaryKey(),
    expiresAt: integer("expires_at").notNull(),
  },
  (table) => [
    // pruneSpentTokens
    index("spent_tokens_by_end").on(table.expiresAt),
  ],
);
