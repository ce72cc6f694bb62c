import { and, asc, eq, getTableColumns, gt, isNotNull, isNull, lte, ne, sql } from "drizzle-orm";
import type { Guard, Statement } from "./directory.ts";
import type { Db } from "./open.ts";
import { forgetUpload } from "./package-uploads.ts";
import { read } from "./read.ts";
import { libraryApps } from "./schema/apps.ts";
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

/** Still under way, and not given up. */
export const uploadRuns = (id: string, now: number): Guard =>
  sql`EXISTS (SELECT 1 FROM package_uploads WHERE id = ${id} AND expires_at > ${now})`;

/**
 * The file becomes the package's present one, and its upload ends: only if the upload still runs. Otherwise the file is
 * one to be removed. The earlier file stays until `removeEarlierAt`.
 */
export function putPackageFile(
  db: Db,
  file: Omit<PackageFileRow, "removeAt">,
  { now, removeEarlierAt }: { now: number; removeEarlierAt: number },
): Statement[] {
  const { id, packageName: name, uploadedAt: at, uploadedBy: by } = file;
  const isPresent = sql`EXISTS (SELECT 1 FROM packages WHERE name = ${name} AND file_id = ${id})`;
  return [
    db
      .insert(packageFiles)
      .values({ ...file, removeAt: now })
      .onConflictDoNothing(),
    db
      .insert(packages)
      .select(sql`SELECT ${name}, ${id}, ${at}, ${at}, ${by} WHERE ${uploadRuns(id, now)}`)
      .onConflictDoUpdate({
        target: packages.name,
        set: { fileId: id, updatedAt: at, updatedBy: by },
      }),
    db
      .update(packageFiles)
      .set({ removeAt: null })
      .where(and(eq(packageFiles.id, id), isPresent)),
    db
      .update(packageFiles)
      .set({ removeAt: removeEarlierAt })
      .where(
        and(
          eq(packageFiles.packageName, name),
          ne(packageFiles.id, id),
          isNull(packageFiles.removeAt),
          isPresent,
        ),
      ),
    ...forgetUpload(db, id),
  ];
}

/** Its files are marked, and removed from the bucket after that. */
export const removePackage = (db: Db, name: string, now: number): Statement[] => [
  db.update(packageFiles).set({ removeAt: now }).where(eq(packageFiles.packageName, name)),
  db.delete(packages).where(eq(packages.name, name)),
  db.update(packageUploads).set({ expiresAt: 0 }).where(eq(packageUploads.packageName, name)),
];

/** The apps of the library whose source it is. */
export async function appsUsing(db: Db, name: string): Promise<string[]> {
  const rows = await read(() =>
    db
      .select({ name: libraryApps.name })
      .from(libraryApps)
      .where(sql`${libraryApps.source} ->> '$.package.name' = ${name}`)
      .orderBy(asc(libraryApps.name))
      .limit(mostUses),
  );
  return rows.map((row) => row.name);
}

const mostUses = 20;

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
