import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Requests for push certificates: each key is kept here until its certificate is uploaded. */
export const pushRequests = sqliteTable("push_certificate_requests", {
  /** The start of the hash of its public key: a certificate finds its key by it. */
  id: text("id").primaryKey(),
  account: text("account").notNull(),
  /** DER, base64. */
  csr: text("csr").notNull(),
  /** PKCS#8, sealed as `push-request-key` of the id. */
  sealedKey: text("sealed_key").notNull(),
  /** The certificate to which mdmcert.download encrypts its answer: DER, base64. */
  exchangeCertificate: text("exchange_certificate"),
  /** PKCS#8, sealed as `push-exchange-key` of the id. */
  exchangeKeySealed: text("exchange_key_sealed"),
  createdAt: integer("created_at").notNull(),
});

/** At most one row: the vendor certificate from Apple, to sign such requests ourselves. */
export const pushVendors = sqliteTable("push_vendors", {
  /** The start of the certificate's fingerprint. */
  id: text("id").primaryKey(),
  subject: text("subject").notNull(),
  /** The certificate and all above it, root last: DER, base64. */
  chain: text("chain", { mode: "json" }).$type<string[]>().notNull(),
  /** PKCS#8, sealed as `push-vendor-key` of the id. */
  sealedKey: text("sealed_key").notNull(),
  /** The earliest end of all certificates in the chain. */
  notAfter: integer("not_after").notNull(),
  createdAt: integer("created_at").notNull(),
});
