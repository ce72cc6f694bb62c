import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Push certificates that were asked for and have not come: each key is kept here until its certificate arrives. */
export const pushRequests = sqliteTable("push_certificate_requests", {
  /** The start of the hash of its public key: a certificate finds its key by it. */
  id: text("id").primaryKey(),
  account: text("account").notNull(),
  /** DER, base64. */
  csr: text("csr").notNull(),
  /** PKCS#8, sealed as `push-request-key` of the id. */
  sealedKey: text("sealed_key").notNull(),
  /** What mdmcert.download encrypts its answer to, once it was asked: DER, base64. */
  exchangeCertificate: text("exchange_certificate"),
  /** PKCS#8, sealed as `push-exchange-key` of the id. */
  exchangeKeySealed: text("exchange_key_sealed"),
  createdAt: integer("created_at").notNull(),
});

/** At most one row: the certificate with which Apple lets us sign such requests ourselves. */
export const pushVendors = sqliteTable("push_vendors", {
  /** The start of the certificate's fingerprint. */
  id: text("id").primaryKey(),
  subject: text("subject").notNull(),
  /** The certificate and all above it, root last: DER, base64. */
  chain: text("chain", { mode: "json" }).$type<string[]>().notNull(),
  /** PKCS#8, sealed as `push-vendor-key` of the id. */
  sealedKey: text("sealed_key").notNull(),
  /** Of whichever in the chain ends first. */
  notAfter: integer("not_after").notNull(),
  createdAt: integer("created_at").notNull(),
});
