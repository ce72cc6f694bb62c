import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Who says who a person is: one provider or none for the people, and one or none for administrators. */
export const signInProvider = sqliteTable("sign_in_provider", {
  /** `the one` for people, `administrators` for those. */
  id: text("id").primaryKey(),
  /** JSON, as the API takes it. */
  provider: text("provider").notNull(),
  /** Sealed as `sign-in-client-secret` of the issuer and client id; null: a client without one. */
  sealedSecret: text("sealed_secret"),
  issuer: text("issuer").notNull(),
  clientId: text("client_id").notNull(),
  updatedAt: integer("updated_at").notNull(),
});

/** People who are signed in at a browser. The cookie's value is in the cookie alone; here is only its hash. */
export const signInSessions = sqliteTable(
  "sign_in_sessions",
  {
    /** SHA-256 of the cookie's value, lower-case hex. */
    id: text("id").primaryKey(),
    /** JSON: who it is. */
    person: text("person").notNull(),
    /** The provider's own name of the session, to end it there too; sealed as `sign-in-hint` of the id. */
    sealedHint: text("sealed_hint"),
    createdAt: integer("created_at").notNull(),
    expiresAt: integer("expires_at").notNull(),
  },
  (table) => [
    // Pruning of what has ended.
    index("sign_in_sessions_expiry").on(table.expiresAt),
    // Those of one person (`isPerson` in db/person.ts).
    index("sign_in_sessions_person").on(sql`"person" ->> '$.issuer'`, sql`"person" ->> '$.subject'`),
  ],
);
