import { sql } from "drizzle-orm";
import { integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/** Push certificates: for each topic the one in use, and the earlier ones, so that one can go back. */
export const pushCertificates = sqliteTable(
  "push_certificates",
  {
    /** The start of the certificate's fingerprint: uploading the same one twice names the same row. */
    id: text("id").primaryKey(),
    fingerprint: text("fingerprint").notNull(),
    topic: text("topic").notNull(),
    /** DER, base64. */
    certificate: text("certificate").notNull(),
    /** The certificates above it, nearest first: DER, base64. */
    chain: text("chain", { mode: "json" }).$type<string[]>().notNull().default([]),
    /** PKCS#8, sealed as `push-key` of the id. */
    sealedKey: text("sealed_key").notNull(),
    serial: text("serial").notNull(),
    notBefore: integer("not_before").notNull(),
    notAfter: integer("not_after").notNull(),
    /** For people: the Apple Account that it must be renewed with. */
    account: text("account"),
    inUse: integer("in_use", { mode: "boolean" }).notNull().default(false),
    createdAt: integer("created_at").notNull(),
    /** Why its last push could not be sent; null: no fault is known. */
    trouble: text("trouble"),
    troubleAt: integer("trouble_at"),
    /** The last warning about its end, in days before the end. */
    warnedDays: integer("warned_days"),
  },
  (table) => [
    // the one in use for a topic; the database itself ensures that there is at most one
    uniqueIndex("push_certificates_in_use").on(table.topic).where(sql`${table.inUse} = 1`),
  ],
);
