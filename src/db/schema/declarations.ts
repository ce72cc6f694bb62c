import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** The library of declarations: what sets give to channels, under Apple's Identifier. */
export const declarations = sqliteTable(
  "declarations",
  {
    identifier: text("identifier").primaryKey(),
    type: text("type").notNull(),
    kind: text("kind", { enum: ["activation", "asset", "configuration", "management"] }).notNull(),
    /** As it was saved: variables and references to our files are filled in for each device. */
    payload: text("payload", { mode: "json" }).$type<Record<string, unknown>>().notNull(),
    /** The hash of type, identifier, payload, touches and data: what devices compare, before anything is filled in. */
    serverToken: text("server_token").notNull(),
    /** Raised to make every device fetch it again although nothing changed. */
    touches: integer("touches").notNull().default(0),
    version: integer("version").notNull(),
    /** The file that goes with a data asset. */
    dataSha256: text("data_sha256"),
    variables: text("variables", { mode: "json" }).$type<string[]>().notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    /** A token's id. */
    updatedBy: text("updated_by").notNull(),
  },
  (table) => [
    // the list of one type
    index("declarations_type").on(table.type, table.identifier),
    // the list of one kind
    index("declarations_kind").on(table.kind, table.identifier),
    // who uses a file
    index("declarations_data").on(table.dataSha256),
  ],
);

/** All versions of a declaration, including the present one. */
export const declarationVersions = sqliteTable(
  "declaration_versions",
  {
    identifier: text("identifier").notNull(),
    version: integer("version").notNull(),
    type: text("type").notNull(),
    payload: text("payload", { mode: "json" }).$type<Record<string, unknown>>().notNull(),
    serverToken: text("server_token").notNull(),
    dataSha256: text("data_sha256"),
    savedAt: integer("saved_at").notNull(),
    savedBy: text("saved_by").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.identifier, table.version] }),
    // whether a file is still needed
    index("declaration_versions_data").on(table.dataSha256),
  ],
);

/** Which declaration, or profile of the library, a declaration refers to. */
export const declarationReferences = sqliteTable(
  "declaration_references",
  {
    identifier: text("identifier").notNull(),
    kind: text("kind", { enum: ["declaration", "profile"] }).notNull(),
    refersTo: text("refers_to").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.identifier, table.kind, table.refersTo] }),
    // who refers to it
    index("declaration_references_to").on(table.kind, table.refersTo, table.identifier),
  ],
);

/** Files that assets refer to, by the hash of their content. */
export const assetFiles = sqliteTable("asset_files", {
  sha256: text("sha256").primaryKey(),
  contentType: text("content_type").notNull(),
  size: integer("size").notNull(),
  /** The variables in it: each device then gets its own bytes. */
  variables: text("variables", { mode: "json" }).$type<string[]>().notNull().default([]),
  createdAt: integer("created_at").notNull(),
});

/** A file in sealed parts that fit into a row. */
export const assetParts = sqliteTable(
  "asset_parts",
  {
    sha256: text("sha256").notNull(),
    part: integer("part").notNull(),
    sealed: text("sealed").notNull(),
  },
  (table) => [primaryKey({ columns: [table.sha256, table.part] })],
);
