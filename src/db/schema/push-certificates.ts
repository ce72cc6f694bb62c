import { sql } from "drizzle-orm";
import { integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/** What Apple lets us push with: for each topic the one in use, and those before it, kept to go back to. */
export const pushCertificates = sqliteTable(
  "push_certificates",
  {
    /** The start of the certificate's fingerprint: uploading the same one twice names the same row. */
    id: text("id").primaryKey(),
    fingerprint: text("fingerprint").notNull(),
    topic: text("topic").notNull(),
    /** DER, base64. */
    certificate: text("certificate").notNull(),
    /** What stands above it, nearest first: DER, base64. */
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
    /** Why nothing goes out with it, as of its last push; null: nothing is known against it. */
    trouble: text("trouble"),
    troubleAt: integer("trouble_at"),
    /** The last warning of its end that was given: so many days before. */
    warnedDays: integer("warned_days"),
  },
  (table) => [
    // the one in use for a topic; and the database itself holds that there is at most one
    uniqueIndex("push_certificates_in_use").on(table.topic).where(sql`${table.inUse} = 1`),
  ],
);
