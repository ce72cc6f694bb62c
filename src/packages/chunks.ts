import { type Bytes, concat, fromHex, sha256, toHex } from "../base/bytes.ts";
import type { ChunkHashes } from "../package-files/manifest.ts";

/**
 * A file is cut into chunks of this size, but for the last. A chunk is what a request uploads, what the bucket stores as
 * a part, and what an installer checks with one hash: so each byte is hashed once, while it is in memory anyway.
 *
 * It is the least that the bucket takes for a part. Its two hashes take 14 ms of processor time, 9 of them MD5.
 */
export const chunkBytes = 5 * 1024 * 1024;

/** A request that is larger is refused by Cloudflare. */
export const largestBody = 100 * 1000 * 1000;
export const largestFile = 4 * 1024 ** 3 - 1;

export const chunksIn = (fileBytes: number, size = chunkBytes): number => Math.ceil(fileBytes / size);

/** How many bytes the chunk of this number has; the first is 1. */
export const lengthOf = (chunk: number, fileBytes: number, size = chunkBytes): number =>
  Math.min(size, fileBytes - (chunk - 1) * size);

export type ChunkHash = { md5: string; sha256: string };

export async function hashChunk(bytes: Bytes): Promise<ChunkHash> {
  const [md5, sha] = await Promise.all([crypto.subtle.digest("MD5", bytes), sha256(bytes)]);
  return { md5: toHex(new Uint8Array(md5)), sha256: toHex(sha) };
}

export const hashesOf = (chunks: readonly ChunkHash[], size: number): ChunkHashes => ({
  chunkBytes: size,
  md5s: chunks.map(({ md5 }) => md5),
  sha256s: chunks.map((chunk) => chunk.sha256),
});

/** The same for the same content, without reading it again. */
export async function contentHashOf({ sha256s }: ChunkHashes): Promise<string> {
  return toHex(await sha256(concat(sha256s.map((hex) => fromHex(hex) ?? new Uint8Array()))));
}
