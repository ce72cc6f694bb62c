import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Uploaded certificates with keys that sign profiles instead of the issuing authority. */
export const signingCertificates = sqliteTable("signing_certificates", {
  /** The start of the certificate's fingerprint. */
  id: text("id").primaryKey(),
  fingerprint: text("fingerprint").notNull(),
  /** DER, base64. */
  certificate: text("certificate").notNull(),
  /** The certificates above it, nearest first: DER, base64. */
  chain: text("chain", { mode: "json" }).$type<string[]>().notNull(),
  subject: text("subject").notNull(),
  notBefore: integer("not_before").notNull(),
  notAfter: integer("not_after").notNull(),
  /** PKCS#8, sealed as `signing-key` of the id. */
  sealedKey: text("sealed_key").notNull(),
  /** The last uploaded one that is valid is used. */
  uploadedAt: integer("uploaded_at").notNull(),
  /** The last notice about its end. */
  warned: text("warned", { enum: ["nothing", "expiring", "expired"] })
    .notNull()
    .default("nothing"),
});
