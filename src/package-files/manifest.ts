import type { Bytes } from "../base/bytes.ts";
import { writePlist } from "../plist/write.ts";

/**
 * The manifest that an installer fetches before the file.
 * https://developer.apple.com/documentation/devicemanagement/manifesturl
 *
 * The surprise: newer systems read the SHA-256 list, older Macs only the MD5 list. Both stand in it, for equal chunks.
 */
export type ManifestOrder = {
  url: string;
  identifier: string;
  version: string;
  title: string;
  sizeBytes: number;
  hashes: ChunkHashes;
};

/** Of a file cut into pieces of `chunkBytes`; the last may be shorter. Lower-case hex. */
export type ChunkHashes = { chunkBytes: number; md5s: string[]; sha256s: string[] };

export function buildManifest(order: ManifestOrder): Bytes {
  const { url, identifier, version, title, sizeBytes, hashes } = order;
  // A file of one chunk is as long as that.
  const chunk = Math.min(hashes.chunkBytes, sizeBytes);
  const asset = {
    kind: "software-package",
    url,
    "md5-size": chunk,
    md5s: hashes.md5s,
    "sha256-size": chunk,
    sha256s: hashes.sha256s,
  };
  const metadata = {
    kind: "software",
    "bundle-identifier": identifier,
    "bundle-version": version,
    title,
  };
  return writePlist({ items: [{ assets: [asset], metadata }] });
}
