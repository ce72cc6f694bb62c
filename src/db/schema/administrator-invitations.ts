import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { type rights, roles } from "./tokens.ts";

/** What an accepted invitation becomes: a rule of the provider that administrators sign in by, or an API token. */
export const invitationWays = ["sign-in", "token"] as const;

/** Invitations of colleagues who shall administer. The code is in the link alone; here is only its hash. */
export const administratorInvitations = sqliteTable(
  "administrator_invitations",
  {
    id: text("id").primaryKey(),
    /** SHA-256 of the code, lower-case hex. */
    codeHash: text("code_hash").notNull(),
    /** In lower case. */
    email: text("email").notNull(),
    role: text("role", { enum: roles }).notNull(),
    rights: text("rights", { mode: "json" }).$type<(typeof rights)[number][]>().notNull(),
    way: text("way", { enum: invitationWays }).notNull(),
    /** How long the token is good that the way `token` gives. */
    tokenDays: integer("token_days").notNull(),
    createdAt: integer("created_at").notNull(),
    /** The id of the token that invited. */
    createdBy: text("created_by").notNull(),
    /** The person who invited; null: the token belongs to no person. */
    invitedBy: text("invited_by"),
    expiresAt: integer("expires_at").notNull(),
    acceptedAt: integer("accepted_at"),
    withdrawnAt: integer("withdrawn_at"),
    /** The token that it gave. */
    tokenId: text("token_id"),
  },
  (table) => [
    // acceptInvitation: each opened link
    uniqueIndex("administrator_invitations_by_code").on(table.codeHash),
    // listAdministratorInvitations: newest first
    index("administrator_invitations_by_creation").on(table.createdAt, table.id),
    // how many are open, and those of one address
    index("administrator_invitations_by_end").on(table.expiresAt),
  ],
);
