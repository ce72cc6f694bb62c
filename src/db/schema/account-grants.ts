import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** A person signed in, and a device may enroll by that: one device for each sign-in. */
export const accountGrants = sqliteTable(
  "account_grants",
  {
    id: text("id").primaryKey(),
    /** The Managed Apple Account; empty for a Mac's invitation that names nobody. */
    account: text("account").notNull(),
    /** JSON: who vouched for whom. */
    person: text("person").notNull(),
    createdAt: integer("created_at").notNull(),
    /** Until when a device may take it. */
    endsAt: integer("ends_at").notNull(),
    /** The device that took it, at its Authenticate or when it signed in again. */
    deviceId: text("device_id"),
    claimedAt: integer("claimed_at"),
    revokedAt: integer("revoked_at"),
    /** The challenge of its profile, sealed as `account-challenge` of the id: who asks again gets the same. */
    sealedChallenge: text("sealed_challenge"),
    challengeExpiresAt: integer("challenge_expires_at"),
  },
  (table) => [
    // The devices that a person enrolled, for the person to see.
    index("account_grants_account").on(table.account, table.deviceId),
    // Those of one device, to take them back.
    index("account_grants_device").on(table.deviceId),
    // Those of one person, to take them back (`isPerson` in db/person.ts).
    index("account_grants_person").on(sql`"person" ->> '$.issuer'`, sql`"person" ->> '$.subject'`),
    // Pruning of what no device took.
    index("account_grants_end").on(table.endsAt),
  ],
);

/** What devices show for such a grant. The token itself is on the device alone; here is only its hash. */
export const accountTokens = sqliteTable(
  "account_tokens",
  {
    /** SHA-256 of the token, lower-case hex. */
    hash: text("hash").primaryKey(),
    grantId: text("grant_id").notNull(),
    /** A code is exchanged once; a refresh token brings access tokens; a Mac shows the last kind before it enrolls. */
    kind: text("kind", { enum: ["code", "access", "refresh", "platform-sso"] }).notNull(),
    createdAt: integer("created_at").notNull(),
    /** null: it ends with its grant. */
    expiresAt: integer("expires_at"),
    usedAt: integer("used_at"),
  },
  (table) => [
    // Those of one grant, to clear them away with it.
    index("account_tokens_grant").on(table.grantId),
  ],
);
