import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** The certificates for recovery keys. None is ever deleted: a disk may still be locked with a key for an old one. */
export const escrowCertificates = sqliteTable(
  "escrow_certificates",
  {
    /** SHA-256 of the certificate, hex. */
    fingerprint: text("fingerprint").primaryKey(),
    /** DER, base64. */
    certificate: text("certificate").notNull(),
    /** PKCS#8, sealed as `escrow-key` of the fingerprint. */
    sealedKey: text("sealed_key").notNull(),
    notAfter: integer("not_after").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [
    // the newest, which is the one in use
    index("escrow_certificates_created").on(table.createdAt),
  ],
);
