import { sql } from "drizzle-orm";
import { integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/** Authorities that sign identities: our own, with their sealed keys, and others that are only trusted. */
export const authorities = sqliteTable(
  "authorities",
  {
    /** The start of the certificate's fingerprint: importing the same authority twice names the same row. */
    id: text("id").primaryKey(),
    fingerprint: text("fingerprint").notNull(),
    /** DER, base64. */
    certificate: text("certificate").notNull(),
    /** The certificates above an imported intermediate, nearest first: DER, base64. */
    chain: text("chain", { mode: "json" }).$type<string[]>().notNull().default([]),
    subject: text("subject").notNull(),
    notBefore: integer("not_before").notNull(),
    notAfter: integer("not_after").notNull(),
    /** PKCS#8, sealed as `authority-key` of the id; null for an authority that is only trusted. */
    sealedKey: text("sealed_key"),
    issuing: integer("issuing", { mode: "boolean" }).notNull().default(false),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [
    // No query: the database itself ensures that at most one authority issues.
    uniqueIndex("authorities_one_issuing").on(table.issuing).where(sql`${table.issuing} = 1`),
  ],
);
