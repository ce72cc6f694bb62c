import { and, eq, inArray, lt, sql } from "drizzle-orm";
import { among } from "./batch.ts";
import type { Statement } from "./directory.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { assetFiles, assetParts } from "./schema/declarations.ts";

export type AssetFileRow = typeof assetFiles.$inferSelect;

export const findAssetFile = (db: Db, sha256: string): Promise<AssetFileRow | undefined> =>
  read(() => db.select().from(assetFiles).where(eq(assetFiles.sha256, sha256)).get());

/** One statement and one parameter for any number. */
export const findAssetFiles = (db: Db, digests: readonly string[]): Promise<AssetFileRow[]> =>
  read(() =>
    db
      .select()
      .from(assetFiles)
      .where(inArray(assetFiles.sha256, among(digests))),
  );

/** One at a time, because several would not fit into one request to D1. */
export async function putAssetPart(db: Db, sha256: string, part: number, sealed: string): Promise<void> {
  await db.insert(assetParts).values({ sha256, part, sealed }).onConflictDoNothing();
}

/** Called after all its parts are stored. */
export async function putAssetFile(db: Db, row: AssetFileRow): Promise<void> {
  await db.insert(assetFiles).values(row).onConflictDoNothing();
}

/** An existing file counts as new and gets this type; `also` runs in the same batch. False: there is no such file. */
export async function renewAssetFile(
  db: Db,
  { sha256, contentType, variables, createdAt }: AssetFileRow,
  also: readonly Statement[],
): Promise<boolean> {
  const [renewed] = await db.batch([
    db
      .update(assetFiles)
      .set({ contentType, variables, createdAt })
      .where(eq(assetFiles.sha256, sha256))
      .returning({ sha256: assetFiles.sha256 }),
    ...also,
  ]);
  return renewed.length > 0;
}

export async function findAssetPart(db: Db, sha256: string, part: number): Promise<string | undefined> {
  const row = await read(() =>
    db
      .select({ sealed: assetParts.sealed })
      .from(assetParts)
      .where(and(eq(assetParts.sha256, sha256), eq(assetParts.part, part)))
      .get(),
  );
  return row?.sealed;
}

/** Files that no version of a declaration uses. A recent one may get its declaration soon. */
export async function pruneUnusedFiles(db: Db, before: number, limit: number): Promise<number> {
  const rows = await read(() =>
    db
      .select({ sha256: assetFiles.sha256 })
      .from(assetFiles)
      .where(and(lt(assetFiles.createdAt, before), isUnused))
      .limit(limit),
  );
  const listed = among(rows.map(({ sha256 }) => sha256));
  await db.batch([
    db.delete(assetFiles).where(and(inArray(assetFiles.sha256, listed), isUnused)),
    db
      .delete(assetParts)
      .where(
        and(
          inArray(assetParts.sha256, listed),
          sql`NOT EXISTS (SELECT 1 FROM asset_files WHERE asset_files.sha256 = asset_parts.sha256)`,
        ),
      ),
  ]);
  return rows.length;
}

const isUnused = sql`NOT EXISTS (SELECT 1 FROM declarations WHERE data_sha256 = asset_files.sha256)
  AND NOT EXISTS (SELECT 1 FROM declaration_versions WHERE data_sha256 = asset_files.sha256)`;
