import type { Bytes } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { day } from "../base/time.ts";
import { applyTogether } from "../db/directory.ts";
import { openDb } from "../db/open.ts";
import {
  countUploads,
  endUpload,
  findUpload,
  forgetUpload,
  insertUpload,
  noteBucketUpload,
  type PackageUploadRow,
  putPart,
} from "../db/package-uploads.ts";
import { keyOf, withBucket } from "./bucket.ts";
import { type ChunkHash, chunkBytes, chunksIn, hashChunk, lengthOf } from "./chunks.ts";
import type { FileKind } from "./inspected.ts";

/**
 * Uploads in parts: begun, continued with the parts that are missing, and completed (`complete.ts`). A part
 * that is sent twice is the same part. What nobody continues is given up by the job `packages`.
 */
export type NewUpload = {
  packageName: string;
  kind: FileKind;
  size: number;
  /** Of the whole file. */
  sha256: string | null;
  by: string;
};

export type UploadRefusal =
  | { reason: "no-bucket" | "unknown-upload" | "too-many-uploads" }
  | { reason: "no-such-part"; parts: number }
  | { reason: "wrong-length"; expected: number; found: number }
  | { reason: "wrong-digest"; found: string };

/** An upload that gets no part for so long is abandoned. The bucket would give it up after seven days. */
const patience = 2 * day;
const mostAtOnce = 10;

export async function beginUpload(
  env: Env,
  order: NewUpload,
  now: number,
): Promise<Result<PackageUploadRow, UploadRefusal>> {
  const bucket = env.PACKAGES;
  if (bucket === undefined) return refuse({ reason: "no-bucket" });
  const db = openDb(env.DB);
  if ((await countUploads(db, order.packageName)) >= mostAtOnce)
    return refuse({ reason: "too-many-uploads" });
  const { by: startedBy, ...told } = order;
  const row = {
    ...told,
    id: crypto.randomUUID(),
    chunkBytes,
    bucketUploadId: null,
    startedAt: now,
    startedBy,
    expiresAt: now + patience,
  };
  // First the row: what the bucket begins is never unknown here.
  await insertUpload(db, row);
  const begun = await withBucket(() =>
    bucket.createMultipartUpload(keyOf(row.id), {
      httpMetadata: { contentType: "application/octet-stream" },
    }),
  );
  await noteBucketUpload(db, row.id, begun.uploadId);
  return ok({ ...row, bucketUploadId: begun.uploadId });
}

export type TakenPart = ChunkHash & { part: number };

/** `digest`: the SHA-256 that the sender declared for this part. */
export async function takePart(
  env: Env,
  upload: PackageUploadRow,
  { part, bytes, digest }: { part: number; bytes: Bytes; digest?: string | undefined },
  now: number,
): Promise<Result<TakenPart, UploadRefusal>> {
  const bucket = env.PACKAGES;
  if (bucket === undefined) return refuse({ reason: "no-bucket" });
  if (upload.bucketUploadId === null) return refuse({ reason: "unknown-upload" });
  const parts = chunksIn(upload.size, upload.chunkBytes);
  if (!Number.isInteger(part) || part < 1 || part > parts) return refuse({ reason: "no-such-part", parts });
  const expected = lengthOf(part, upload.size, upload.chunkBytes);
  if (bytes.length !== expected) return refuse({ reason: "wrong-length", expected, found: bytes.length });
  const hash = await hashChunk(bytes);
  if (digest !== undefined && digest !== hash.sha256)
    return refuse({ reason: "wrong-digest", found: hash.sha256 });
  const etag = await storePart(bucket, { ...upload, bucketUploadId: upload.bucketUploadId }, part, bytes);
  if (etag === undefined) return refuse({ reason: "unknown-upload" });
  await putPart(openDb(env.DB), { uploadId: upload.id, part, etag, ...hash }, now + patience);
  return ok({ part, ...hash });
}

/** undefined: the bucket has given the upload up. */
async function storePart(
  bucket: R2Bucket,
  { id, bucketUploadId }: { id: string; bucketUploadId: string },
  part: number,
  bytes: Bytes,
): Promise<string | undefined> {
  try {
    const upload = bucket.resumeMultipartUpload(keyOf(id), bucketUploadId);
    return (await withBucket(() => upload.uploadPart(part, bytes))).etag;
  } catch (fault) {
    if (isNoSuchUpload(fault)) return undefined;
    throw fault;
  }
}

/** Of this package, and still under way. */
export async function findRunningUpload(
  env: Env,
  packageName: string,
  id: string,
  now: number,
): Promise<PackageUploadRow | undefined> {
  const row = await findUpload(openDb(env.DB), id);
  return row?.packageName === packageName && row.expiresAt > now ? row : undefined;
}

/** First nobody continues it, then the bucket forgets it, then we: killed in between, the job does it again. */
export async function giveUpUpload(env: Env, upload: PackageUploadRow): Promise<void> {
  // It was completed meanwhile: the file is a package's.
  if (!(await endUpload(openDb(env.DB), upload.id))) return;
  const bucket = env.PACKAGES;
  const { bucketUploadId } = upload;
  if (bucket !== undefined) {
    if (bucketUploadId !== null) await abort(bucket, upload.id, bucketUploadId);
    // A completed one whose row was not written.
    await withBucket(() => bucket.delete(keyOf(upload.id)));
  }
  await applyTogether(openDb(env.DB), forgetUpload(openDb(env.DB), upload.id));
}

/** The bucket may have ended it before. */
async function abort(bucket: R2Bucket, id: string, bucketUploadId: string): Promise<void> {
  try {
    await withBucket(() => bucket.resumeMultipartUpload(keyOf(id), bucketUploadId).abort());
  } catch (fault) {
    if (!isNoSuchUpload(fault)) throw fault;
  }
}

/** 10024 NoSuchUpload. */
export const isNoSuchUpload = (fault: unknown): boolean =>
  fault instanceof Error && /\(10024\)|upload does not exist/.test(`${fault.message} ${String(fault.cause)}`);
