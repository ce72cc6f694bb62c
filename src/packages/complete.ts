import { toHex } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { packageChanged } from "../db/assignment-changes.ts";
import { applyTogether } from "../db/directory.ts";
import { type Db, openDb } from "../db/open.ts";
import {
  forgetUpload,
  listParts,
  type PackagePartRow,
  type PackageUploadRow,
} from "../db/package-uploads.ts";
import { findPackage, findPackageFile, type Package, putPackageFile, uploadRuns } from "../db/packages.ts";
import { announceIf } from "../events/announce.ts";
import { startAssigning } from "../library/start-assigning.ts";
import type { FileRefusal } from "../package-files/refusal.ts";
import { keyOf, rangesOf, withBucket } from "./bucket.ts";
import { chunksIn, contentHashOf, hashesOf } from "./chunks.ts";
import { inspectFile } from "./inspect.ts";
import { longestFileLink } from "./link-addresses.ts";
import { giveUpUpload, isNoSuchUpload, type UploadRefusal } from "./uploads.ts";

/**
 * The end of an upload: all parts are there, the file is checked, and only then is it the package's present file, in one
 * write. A refused file leaves the package as it was. Done twice, or again after an interruption, it comes to the same.
 */
export type Completed = { package: Package; outcome: "created" | "replaced" | "unchanged" };

export type CompleteRefusal =
  | UploadRefusal
  | FileRefusal
  | { reason: "missing-parts"; missing: number[] }
  | { reason: "other-digest"; found: string };

export async function completeUpload(
  env: Env,
  upload: PackageUploadRow,
  by: string,
  now: number,
): Promise<Result<Completed, CompleteRefusal>> {
  const bucket = env.PACKAGES;
  if (bucket === undefined) return refuse({ reason: "no-bucket" });
  const db = openDb(env.DB);
  const parts = await listParts(db, upload.id);
  const missing = missingIn(upload, parts);
  if (missing.length > 0) return refuse({ reason: "missing-parts", missing });
  const hashes = hashesOf(parts, upload.chunkBytes);
  const contentHash = await contentHashOf(hashes);
  const present = await findPackage(db, upload.packageName);
  const wanted = upload.sha256;
  const isSame = present?.file.contentHash === contentHash && present.file.kind === upload.kind;
  if (isSame && (wanted === null || wanted === present.file.sha256)) {
    if (present.file.id === upload.id) await applyTogether(db, forgetUpload(db, upload.id));
    else await giveUpUpload(env, upload);
    return ok({ package: present, outcome: "unchanged" });
  }
  if (!(await joinParts(bucket, upload, parts))) return refuse({ reason: "unknown-upload" });

  const sha256 = await wholeDigest(bucket, upload, parts);
  if (wanted !== null && sha256 !== wanted) {
    await giveUpUpload(env, upload);
    return refuse({ reason: "other-digest", found: sha256 ?? "" });
  }
  const inspected = await inspectFile(upload.kind, rangesOf(bucket, upload.id), upload.size);
  if (!inspected.ok) {
    await giveUpUpload(env, upload);
    return inspected;
  }
  const { id, packageName, kind, size } = upload;
  const file = {
    ...{ id, packageName, kind, size, contentHash, hashes, sha256 },
    ...inspected.value,
    ...{ uploadedAt: now, uploadedBy: by },
  };
  const { identifier, version } = inspected.value;
  const event = {
    name: "package.uploaded",
    detail: { package: packageName, kind, identifier, version, size },
  } as const;
  const terms = { now, removeEarlierAt: now + longestFileLink };
  await announceIf(env, uploadRuns(id, now), event, now, [
    ...putPackageFile(db, file, terms),
    packageChanged(db, packageName, { now }),
  ]);
  const saved = await findPackage(db, packageName);
  // Somebody gave the upload up, or deleted the package, at the same moment.
  if (saved?.file.id !== id) return refuse({ reason: "unknown-upload" });
  await startAssigning(env);
  return ok({ package: saved, outcome: present ? "replaced" : "created" });
}

/** Somebody asks again for what was done: the file has the id of its upload. */
export async function completedBefore(db: Db, packageName: string, id: string): Promise<Package | undefined> {
  const file = await findPackageFile(db, id);
  if (file?.packageName !== packageName) return undefined;
  return findPackage(db, packageName);
}

const mostTold = 100;

function missingIn(upload: PackageUploadRow, parts: readonly PackagePartRow[]): number[] {
  const there = new Set(parts.map(({ part }) => part));
  const all = Array.from({ length: chunksIn(upload.size, upload.chunkBytes) }, (_, at) => at + 1);
  return all.filter((part) => !there.has(part)).slice(0, mostTold);
}

/** False: the bucket has given the upload up. */
async function joinParts(
  bucket: R2Bucket,
  upload: PackageUploadRow,
  parts: readonly PackagePartRow[],
): Promise<boolean> {
  const { bucketUploadId } = upload;
  if (bucketUploadId === null) return false;
  const list = parts.map(({ part, etag }) => ({ partNumber: part, etag }));
  try {
    await withBucket(() => bucket.resumeMultipartUpload(keyOf(upload.id), bucketUploadId).complete(list));
    return true;
  } catch (fault) {
    if (!isNoSuchUpload(fault)) throw fault;
    // Joined by an earlier call that was interrupted.
    const object = await withBucket(() => bucket.head(keyOf(upload.id)));
    return object?.size === upload.size;
  }
}

/** Only if the sender wants it compared: it reads the whole file again, by the platform and in a flat amount of memory. */
async function wholeDigest(
  bucket: R2Bucket,
  upload: PackageUploadRow,
  parts: readonly PackagePartRow[],
): Promise<string | null> {
  const [only, second] = parts;
  if (only !== undefined && second === undefined) return only.sha256;
  if (upload.sha256 === null) return null;
  const object = await withBucket(() => bucket.get(keyOf(upload.id)));
  if (object === null) return null;
  const digest = new crypto.DigestStream("SHA-256");
  await withBucket(() => object.body.pipeTo(digest));
  return toHex(new Uint8Array(await digest.digest));
}
