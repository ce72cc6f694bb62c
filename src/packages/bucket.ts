import { StorageUnavailable } from "../db/fault.ts";

/** The bucket that holds the files, and what to do where there is none. */
export const noBucket =
  'this deployment has no bucket for files: add an [[r2_buckets]] with binding = "PACKAGES" to wrangler.toml and deploy again, or host the file and its manifest yourself and give the app the source {"manifest": {"url": "https://…"}}';

export const keyOf = (fileId: string): string => `packages/${fileId}`;

/** A range of a file, all of it or a fault: what was stored a moment ago is there. */
export type ReadRange = (offset: number, length: number) => Promise<Uint8Array<ArrayBuffer>>;

export const rangesOf =
  (bucket: R2Bucket, fileId: string): ReadRange =>
  async (offset, length) => {
    if (length === 0) return new Uint8Array();
    const object = await bucket.get(keyOf(fileId), { range: { offset, length } });
    if (object === null) throw new Error(`the bucket does not have ${keyOf(fileId)}`);
    const bytes = new Uint8Array(await object.arrayBuffer());
    if (bytes.length !== length) throw new Error(`the bucket gave ${bytes.length} of ${length} bytes`);
    return bytes;
  };

/** A fault of the bucket is one of storage: the caller tries again. */
export async function withBucket<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (cause) {
    throw new StorageUnavailable("the bucket PACKAGES did not do what it was asked", { cause });
  }
}
