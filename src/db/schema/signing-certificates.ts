import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** What profiles are signed with instead of the issuing authority: uploaded, with their keys. */
export const signingCertificates = sqliteTable("signing_certificates", {
  /** The start of the certificate's fingerprint. */
  id: text("id").primaryKey(),
  fingerprint: text("fingerprint").notNull(),
  /** DER, base64. */
  certificate: text("certificate").notNull(),
  /** What stands above it, nearest first: DER, base64. */
  chain: text("chain", { mode: "json" }).$type<string[]>().notNull(),
  subject: text("subject").notNull(),
  notBefore: integer("not_before").notNull(),
  notAfter: integer("not_after").notNull(),
  /** PKCS#8, sealed as `signing-key` of the id. */
  sealedKey: text("sealed_key").notNull(),
  /** Of those that are valid, the one uploaded last is used. */
  uploadedAt: integer("uploaded_at").notNull(),
  /** What was told of its end already. */
  warned: text("warned", { enum: ["nothing", "expiring", "expired"] })
    .notNull()
    .default("nothing"),
});
