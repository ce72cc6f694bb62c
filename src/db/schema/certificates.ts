import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { DeviceAttestation } from "../../acme/attested-facts.ts";

/** The known facts, at issue, about the device that an identity is for. Every given part must match the device. */
export type IssuedFor = {
  serial?: string;
  udid?: string;
  account?: string;
  deviceId?: string;
  /** An administrator named the device: it may replace a present enrollment. */
  replaces?: true;
  /** What Apple attested about the device with the key. */
  attested?: { serial?: string; udid?: string };
};

/** The identity that a renewal replaces, with its fingerprint if that identity signed the request. */
export type RenewalOf = { deviceId?: string; fingerprint?: string };

/** The state that its device's object last reported: a lost device is adopted again with it. */
export type Standing = {
  generation: number;
  pinnedAt: number;
  retiresAt: number | null;
  unboundAt: number | null;
};

/** `use`: not an identity; a certificate for something else, such as a Wi-Fi network. */
export type IdentityPurpose = "enrollment" | "renewal" | "use";

/** What a certificate is for that is not an identity: which device has it, from which asset, under which enrollment. */
export type CertificateUse = {
  name: string;
  /** The identifier of the asset. */
  declaration: string;
  /** Empty for the device channel. */
  userId: string;
  generation: number;
};

/** Identities: issued here by SCEP or ACME, or first seen under a trusted authority (`import`). */
export const certificates = sqliteTable(
  "certificates",
  {
    /** SHA-256 of the DER, lower-case hex. */
    fingerprint: text("fingerprint").primaryKey(),
    authorityId: text("authority_id").notNull(),
    /** Upper-case hex without a leading zero byte. */
    serial: text("serial").notNull(),
    subject: text("subject").notNull(),
    /** The one device that uses it; set by the first Authenticate and never changed. */
    deviceId: text("device_id"),
    issuedFor: text("issued_for", { mode: "json" }).$type<IssuedFor>(),
    /** Digest of the one-time challenge it was issued for. */
    challengeId: text("challenge_id"),
    purpose: text("purpose").$type<IdentityPurpose>().notNull(),
    renewalOf: text("renewal_of", { mode: "json" }).$type<RenewalOf>(),
    how: text("how", { enum: ["scep", "acme", "import"] }).notNull(),
    /** One certificate for each request: a repeated request finds the first answer by the same key. */
    issueKey: text("issue_key"),
    /** SCEP transaction, for CertPoll. */
    transactionId: text("transaction_id"),
    /** SHA-256 of the SubjectPublicKeyInfo, lower-case hex. */
    spkiHash: text("spki_hash").notNull(),
    /** Null: it is an identity. */
    use: text("use", { mode: "json" }).$type<CertificateUse>(),
    /** From when on its device gets another one in its place; null for identities. */
    renewAt: integer("renew_at"),
    /** The attestation of the key, if there is one. */
    attestation: text("attestation", { mode: "json" }).$type<DeviceAttestation>(),
    notBefore: integer("not_before").notNull(),
    notAfter: integer("not_after").notNull(),
    issuedAt: integer("issued_at").notNull(),
    revokedAt: integer("revoked_at"),
    reason: text("reason"),
    /** Null: no enrollment has used it yet. */
    standing: text("standing", { mode: "json" }).$type<Standing>(),
    /** The sequence of the event that reported it. */
    standingSeq: integer("standing_seq").notNull().default(0),
    /** DER, base64. */
    der: text("der").notNull(),
  },
  (table) => [
    // GetCert and the CRL's uniqueness: an authority never gives a serial number twice.
    uniqueIndex("certificates_serial").on(table.authorityId, table.serial),
    // Exactly one certificate for a challenge and key, or for a renewal and key, even for concurrent requests.
    uniqueIndex("certificates_issue_key").on(table.issueKey),
    // Certificates of one device, newest first.
    index("certificates_device").on(table.deviceId, table.issuedAt),
    // The whole list, newest first.
    index("certificates_issued").on(table.issuedAt, table.fingerprint),
    // expiring_within, soonest first; identities that would be lost with an authority.
    index("certificates_expiry").on(table.notAfter, table.fingerprint),
    // CRLs and the list of revoked certificates.
    index("certificates_revoked")
      .on(table.authorityId, table.revokedAt)
      .where(sql`${table.revokedAt} is not null`),
    // The renewals of a certificate, for a revocation that includes them.
    index("certificates_renewal_of")
      .on(sql`${table.renewalOf} ->> '$.fingerprint'`)
      .where(sql`${table.renewalOf} is not null`),
    // Whether an attested key has been certified before.
    index("certificates_attested_key").on(table.spkiHash).where(sql`${table.attestation} is not null`),
    // Certificates for other uses whose devices must get new ones.
    index("certificates_renew_at")
      .on(table.renewAt, table.fingerprint)
      .where(sql`${table.renewAt} is not null`),
    // The certificates for one use, newest first.
    index("certificates_use")
      .on(sql`${table.use} ->> '$.name'`, table.issuedAt, table.fingerprint)
      .where(sql`${table.use} is not null`),
    // CertPoll.
    index("certificates_transaction").on(table.transactionId).where(sql`${table.transactionId} is not null`),
  ],
);
