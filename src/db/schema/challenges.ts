import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { CertificateUse, IdentityPurpose, IssuedFor, RenewalOf } from "./certificates.ts";

/**
 * The terms of the profile with the challenge: its kind, its MDM payload keys and its PayloadIdentifier. With
 * `attestation` the challenge is an ACME client identifier and not a SCEP challenge.
 */
export type ChallengeEnrollment = {
  kind: string;
  profile?: Record<string, unknown>;
  identifier?: string;
  attestation?: "required" | "preferred";
  /** The profile has Macs escrow their recovery key. */
  fileVaultEscrow?: boolean;
  /** The sign-in that it follows from (`account_grants`): only the device that shows its token may enroll. */
  grant?: string;
  /** Alternative names that its identity gets; `requested`: those that its request names. */
  altNames?: "requested" | readonly { kind: "email" | "dns" | "uri" | "upn"; value: string }[];
  /** It is for a certificate that is not an identity. */
  use?: UseTerms;
};

/** The terms of a certificate that is not an identity. */
export type UseTerms = CertificateUse & {
  key: "P-256" | "P-384" | "RSA-2048";
  organization: string;
  commonName: string;
  altNames: readonly { kind: "email" | "dns" | "uri" | "upn"; value: string }[];
  lifetimeMs: number;
  renewalMs: number;
  /** The authority that issues it; absent: the one that issues identities. */
  authority?: string;
};

/** One-time challenges, for SCEP or ACME. The challenge itself is only in the profile; this table has its hash. */
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
    /** How often the key that used it has presented it. */
    uses: integer("uses").notNull().default(0),
    createdAt: integer("created_at").notNull(),
    expiresAt: integer("expires_at").notNull(),
  },
  (table) => [
    // Pruning of what expired long ago.
    index("challenges_expiry").on(table.expiresAt),
    // The number of unused ones that name nobody.
    index("challenges_open").on(table.expiresAt).where(sql`issued_for = '{}' and consumed_by is null`),
  ],
);
