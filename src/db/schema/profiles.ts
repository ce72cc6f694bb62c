import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** The profile library: what sets give to devices, under Apple's PayloadIdentifier. */
export const profiles = sqliteTable("profiles", {
  identifier: text("identifier").primaryKey(),
  /** Goes up by one with every change of the content. */
  version: integer("version").notNull(),
  name: text("name"),
  /** PayloadUUID, different for every content. */
  uuid: text("uuid").notNull(),
  /** SHA-256 of the meaning of the given content, in hex: the same content is not a new version. */
  digest: text("digest").notNull(),
  /** The property list without signature. Sealed, because payloads contain passwords. */
  sealedContent: text("sealed_content").notNull(),
  /** PayloadType of each payload, in their order. */
  payloadTypes: text("payload_types", { mode: "json" }).$type<string[]>().notNull(),
  /** The variables in it, such as `device.serial_number`. */
  variables: text("variables", { mode: "json" }).$type<string[]>().notNull(),
  /** Who had signed the uploaded file; null: it was not signed. */
  signedBy: text("signed_by"),
  /** Whether it is encrypted to each device's identity at delivery. */
  encrypted: integer("encrypted", { mode: "boolean" }).notNull().default(false),
  size: integer("size").notNull(),
  createdAt: integer("created_at").notNull(),
  updatedAt: integer("updated_at").notNull(),
  /** A token's id. */
  updatedBy: text("updated_by").notNull(),
});

/** The latest versions of a profile, including the present one. */
export const profileVersions = sqliteTable(
  "profile_versions",
  {
    identifier: text("identifier").notNull(),
    version: integer("version").notNull(),
    uuid: text("uuid").notNull(),
    digest: text("digest").notNull(),
    sealedContent: text("sealed_content").notNull(),
    signedBy: text("signed_by"),
    size: integer("size").notNull(),
    savedAt: integer("saved_at").notNull(),
    savedBy: text("saved_by").notNull(),
  },
  (table) => [primaryKey({ columns: [table.identifier, table.version] })],
);
