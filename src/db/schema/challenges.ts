import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { IdentityPurpose, IssuedFor, RenewalOf } from "./certificates.ts";

/**
 * What the profile that carries a challenge makes of the device: its kind, the MDM payload keys it gave, and the
 * PayloadIdentifier it is known by. With `attestation` the challenge is an ACME client identifier, and no SCEP challenge.
 */
export type ChallengeEnrollment = {
  kind: string;
  profile?: Record<string, unknown>;
  identifier?: string;
  attestation?: "required" | "preferred";
  /** Alternative names that its identity gets; `requested`: those that its request names. */
  altNames?: "requested" | readonly { kind: "email" | "dns" | "uri" | "upn"; value: string }[];
};

/** One-time challenges, for SCEP or ACME. The challenge itself is in the profile alone; here is only its hash. */
export const challenges = sqliteTable(
  "challenges",
  {
    /** SHA-256 of the challenge, lower-case hex. */
    id: text("id").primaryKey(),
    purpose: text("purpose").$type<IdentityPurpose>().notNull(),
    issuedFor: text("issued_for", { mode: "json" }).$type<IssuedFor>().notNull(),
    renewalOf: text("renewal_of", { mode: "json" }).$type<RenewalOf>(),
    enrollment: text("enrollment", { mode: "json" }).$type<ChallengeEnrollment>(),
    /** SHA-256 of the SubjectPublicKeyInfo that used it up: the same key may ask again, no other. */
    consumedBy: text("consumed_by"),
    consumedAt: integer("consumed_at"),
    /** How often it was presented by the key that used it up. */
    uses: integer("uses").notNull().default(0),
    createdAt: integer("created_at").notNull(),
    expiresAt: integer("expires_at").notNull(),
  },
  (table) => [
    // Pruning of what expired long ago.
    index("challenges_expiry").on(table.expiresAt),
    // How many of those for anybody wait to be used.
    index("challenges_open").on(table.expiresAt).where(sql`issued_for = '{}' and consumed_by is null`),
  ],
);
