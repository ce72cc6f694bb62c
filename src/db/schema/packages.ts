import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { FileFacts } from "../../package-files/facts.ts";
import type { ChunkHashes } from "../../package-files/manifest.ts";

/** Packages by the name that apps use: each has one present file. */
export const packages = sqliteTable("packages", {
  name: text("name").primaryKey(),
  fileId: text("file_id").notNull(),
  createdAt: integer("created_at").notNull(),
  updatedAt: integer("updated_at").notNull(),
  /** A token's id. */
  updatedBy: text("updated_by").notNull(),
});

/** What is known of a file in the bucket. The present file of a package, and earlier ones until their links have ended. */
export const packageFiles = sqliteTable(
  "package_files",
  {
    /** Also the key in the bucket. */
    id: text("id").primaryKey(),
    packageName: text("package_name").notNull(),
    kind: text("kind", { enum: ["pkg", "ipa"] }).notNull(),
    size: integer("size").notNull(),
    /** SHA-256 of the SHA-256 of each chunk: the same content has the same. */
    contentHash: text("content_hash").notNull(),
    hashes: text("hashes", { mode: "json" }).$type<ChunkHashes>().notNull(),
    /** Of the whole file, where it was computed. */
    sha256: text("sha256"),
    identifier: text("identifier").notNull(),
    version: text("version").notNull(),
    title: text("title").notNull(),
    facts: text("facts", { mode: "json" }).$type<FileFacts>().notNull(),
    uploadedAt: integer("uploaded_at").notNull(),
    /** A token's id. */
    uploadedBy: text("uploaded_by").notNull(),
    /** When it is removed from the bucket; null: it is a package's present file. */
    removeAt: integer("remove_at"),
  },
  (table) => [
    // what is to be removed
    index("package_files_remove").on(table.removeAt),
    // all files of a package
    index("package_files_package").on(table.packageName),
  ],
);

/** Uploads that are under way. */
export const packageUploads = sqliteTable(
  "package_uploads",
  {
    id: text("id").primaryKey(),
    packageName: text("package_name").notNull(),
    kind: text("kind", { enum: ["pkg", "ipa"] }).notNull(),
    size: integer("size").notNull(),
    /** Of the whole file, as the sender declared it. */
    sha256: text("sha256"),
    chunkBytes: integer("chunk_bytes").notNull(),
    /** The bucket's own name for it; null until the bucket has begun. */
    bucketUploadId: text("bucket_upload_id"),
    startedAt: integer("started_at").notNull(),
    startedBy: text("started_by").notNull(),
    /** When it counts as abandoned; every part puts it off. */
    expiresAt: integer("expires_at").notNull(),
  },
  (table) => [
    // what is abandoned
    index("package_uploads_expires").on(table.expiresAt),
    // the uploads of a package
    index("package_uploads_package").on(table.packageName, table.startedAt),
  ],
);

/** The parts that have arrived; a part that is sent again replaces the earlier one. */
export const packageParts = sqliteTable(
  "package_parts",
  {
    uploadId: text("upload_id").notNull(),
    part: integer("part").notNull(),
    etag: text("etag").notNull(),
    md5: text("md5").notNull(),
    sha256: text("sha256").notNull(),
  },
  (table) => [primaryKey({ columns: [table.uploadId, table.part] })],
);
