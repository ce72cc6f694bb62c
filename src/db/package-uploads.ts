import { and, asc, count, desc, eq, gt, lte } from "drizzle-orm";
import type { Statement } from "./directory.ts";
import { keyBefore } from "./keyset.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { packageParts, packageUploads } from "./schema/packages.ts";

export type PackageUploadRow = typeof packageUploads.$inferSelect;
export type PackagePartRow = typeof packageParts.$inferSelect;

export async function insertUpload(db: Db, row: PackageUploadRow): Promise<void> {
  await db.insert(packageUploads).values(row);
}

/** What the bucket calls it, once it has begun there. */
export async function noteBucketUpload(db: Db, id: string, bucketUploadId: string): Promise<void> {
  await db.update(packageUploads).set({ bucketUploadId }).where(eq(packageUploads.id, id));
}

export const findUpload = (db: Db, id: string): Promise<PackageUploadRow | undefined> =>
  read(() => db.select().from(packageUploads).where(eq(packageUploads.id, id)).get());

export const countUploads = async (db: Db, packageName: string): Promise<number> => {
  const [row] = await read(() =>
    db.select({ n: count() }).from(packageUploads).where(eq(packageUploads.packageName, packageName)),
  );
  return row?.n ?? 0;
};

/** Newest first. */
export const listUploads = (
  db: Db,
  packageName: string,
  limit: number,
  after: readonly [number, string] | undefined,
): Promise<PackageUploadRow[]> =>
  read(() =>
    db
      .select()
      .from(packageUploads)
      .where(
        and(
          eq(packageUploads.packageName, packageName),
          keyBefore([packageUploads.startedAt, packageUploads.id], after),
        ),
      )
      .orderBy(desc(packageUploads.startedAt), desc(packageUploads.id))
      .limit(limit),
  );

/** A part that is sent again replaces the earlier one. */
export async function putPart(db: Db, row: PackagePartRow, expiresAt: number): Promise<void> {
  const { uploadId, part, ...rest } = row;
  await db.batch([
    db
      .insert(packageParts)
      .values(row)
      .onConflictDoUpdate({ target: [packageParts.uploadId, packageParts.part], set: rest }),
    // Not of one that was given up meanwhile.
    db
      .update(packageUploads)
      .set({ expiresAt })
      .where(and(eq(packageUploads.id, uploadId), gt(packageUploads.expiresAt, 0))),
  ]);
}

/** In the order of the file: all of them, or a page behind one. */
export const listParts = (
  db: Db,
  uploadId: string,
  { limit = mostParts, after = 0 }: { limit?: number; after?: number | undefined } = {},
): Promise<PackagePartRow[]> =>
  read(() =>
    db
      .select()
      .from(packageParts)
      .where(and(eq(packageParts.uploadId, uploadId), gt(packageParts.part, after)))
      .orderBy(asc(packageParts.part))
      .limit(limit),
  );

/** As many as a bucket takes. */
const mostParts = 10_000;

/** Those that nobody has continued. */
export const listAbandoned = (db: Db, now: number, limit: number): Promise<PackageUploadRow[]> =>
  read(() =>
    db
      .select()
      .from(packageUploads)
      .where(lte(packageUploads.expiresAt, now))
      .orderBy(asc(packageUploads.expiresAt))
      .limit(limit),
  );

/** From now on nobody continues it. False: it has ended before. */
export async function endUpload(db: Db, id: string): Promise<boolean> {
  const ended = await db
    .update(packageUploads)
    .set({ expiresAt: 0 })
    .where(eq(packageUploads.id, id))
    .returning({ id: packageUploads.id });
  return ended.length > 0;
}

export const forgetUpload = (db: Db, id: string): Statement[] => [
  db.delete(packageParts).where(eq(packageParts.uploadId, id)),
  db.delete(packageUploads).where(eq(packageUploads.id, id)),
];
