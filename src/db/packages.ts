import { and, asc, eq, getTableColumns, gt, inArray, isNotNull, lte, ne, sql } from "drizzle-orm";
import type { Statement } from "./directory.ts";
import type { Db } from "./open.ts";
import { forgetUpload } from "./package-uploads.ts";
import { read } from "./read.ts";
import { packageFiles, packages, packageUploads } from "./schema/packages.ts";

export type PackageRow = typeof packages.$inferSelect;
export type PackageFileRow = typeof packageFiles.$inferSelect;
/** Without the list of hashes, which may be long. */
export type PackageFileEntry = Omit<PackageFileRow, "hashes">;
/** A package and its present file. */
export type Package = { row: PackageRow; file: PackageFileEntry };

const { hashes: _, ...entryColumns } = getTableColumns(packageFiles);

const selectPackages = (db: Db) =>
  db
    .select({ row: getTableColumns(packages), file: entryColumns })
    .from(packages)
    .innerJoin(packageFiles, eq(packageFiles.id, packages.fileId));

export const listPackages = (db: Db, limit: number, after: string | undefined): Promise<Package[]> =>
  read(() =>
    selectPackages(db)
      .where(after === undefined ? undefined : gt(packages.name, after))
      .orderBy(asc(packages.name))
      .limit(limit),
  );

export const findPackage = (db: Db, name: string): Promise<Package | undefined> =>
  read(() => selectPackages(db).where(eq(packages.name, name)).get());

/** The present file of a package, with its hashes. */
export const findPresentFile = (db: Db, name: string): Promise<PackageFileRow | undefined> =>
  read(() =>
    db
      .select(getTableColumns(packageFiles))
      .from(packageFiles)
      .innerJoin(packages, eq(packages.fileId, packageFiles.id))
      .where(eq(packages.name, name))
      .get(),
  );

export const findPackageFile = (db: Db, id: string): Promise<PackageFileRow | undefined> =>
  read(() => db.select().from(packageFiles).where(eq(packageFiles.id, id)).get());

/** The file becomes the package's present one, and its upload ends. The earlier file stays until `removeEarlierAt`. */
export const putPackageFile = (
  db: Db,
  file: PackageFileRow,
  uploadId: string,
  removeEarlierAt: number,
): Statement[] => [
  db.insert(packageFiles).values(file).onConflictDoNothing(),
  db
    .update(packageFiles)
    .set({ removeAt: removeEarlierAt })
    .where(and(isPresentFileOf(file.packageName), ne(packageFiles.id, file.id))),
  db
    .insert(packages)
    .values({
      name: file.packageName,
      fileId: file.id,
      createdAt: file.uploadedAt,
      updatedAt: file.uploadedAt,
      updatedBy: file.uploadedBy,
    })
    .onConflictDoUpdate({
      target: packages.name,
      set: { fileId: file.id, updatedAt: file.uploadedAt, updatedBy: file.uploadedBy },
    }),
  ...forgetUpload(db, uploadId),
];

const isPresentFileOf = (name: string) =>
  inArray(packageFiles.id, sql`(SELECT file_id FROM packages WHERE name = ${name})`);

/** Its files are marked, and removed from the bucket after that. */
export const removePackage = (db: Db, name: string, now: number): Statement[] => [
  db.update(packageFiles).set({ removeAt: now }).where(eq(packageFiles.packageName, name)),
  db.delete(packages).where(eq(packages.name, name)),
  db.update(packageUploads).set({ expiresAt: now }).where(eq(packageUploads.packageName, name)),
];

/** Files whose time in the bucket is over. */
export const listRemovable = (db: Db, now: number, limit: number): Promise<PackageFileEntry[]> =>
  read(() =>
    db
      .select(entryColumns)
      .from(packageFiles)
      .where(and(isNotNull(packageFiles.removeAt), lte(packageFiles.removeAt, now)))
      .orderBy(asc(packageFiles.removeAt))
      .limit(limit),
  );

/** After the bucket has forgotten it. */
export async function deletePackageFile(db: Db, id: string): Promise<void> {
  await db.delete(packageFiles).where(and(eq(packageFiles.id, id), isNotNull(packageFiles.removeAt)));
}
