import { ok, type Result } from "../base/result.ts";
import { partsOfProduct, readComponent, readDistribution } from "../package-files/distribution.ts";
import type { PackageFacts } from "../package-files/facts.ts";
import { type FileRefusal, refuseFile } from "../package-files/refusal.ts";
import {
  headerAtMost,
  openXarData,
  readXarContents,
  readXarHeader,
  type XarFile,
} from "../package-files/xar.ts";
import { verifyXarSignature } from "../package-files/xar-signature.ts";
import type { ReadRange } from "./bucket.ts";
import { inspectApp } from "./inspect-app.ts";
import type { FileKind, Inspected } from "./inspected.ts";

/** Reads a few ranges, never the whole file. */
export const inspectFile = (
  kind: FileKind,
  read: ReadRange,
  fileBytes: number,
): Promise<Result<Inspected, FileRefusal>> =>
  kind === "pkg" ? inspectPackage(read, fileBytes) : inspectApp(read, fileBytes);

const mostSignature = 4096;
const mostDistribution = 2 * 1024 * 1024;
const mostPackageInfo = 512 * 1024;

async function inspectPackage(read: ReadRange, fileBytes: number): Promise<Result<Inspected, FileRefusal>> {
  const header = readXarHeader(await read(0, Math.min(headerAtMost, fileBytes)), fileBytes);
  if (!header.ok) return header;
  const { headerBytes, tocBytes, digest } = header.value;
  const compressedToc = await read(headerBytes, tocBytes);
  const contents = await readXarContents(header.value, compressedToc, fileBytes);
  if (!contents.ok) return contents;
  const { checksum, signature, files } = contents.value;
  // First what it is: who has a component package learns that, and not only that it is unsigned.
  const parts = partsOfProduct(files);
  if (!parts.ok) return parts;
  if (checksum.length > mostSignature || (signature?.length ?? 0) > mostSignature)
    return refuseFile("too-complex", "the signature is longer than any");
  const signer = await verifyXarSignature(digest, contents.value, {
    compressedToc,
    checksum: await read(checksum.offset, checksum.length),
    signature: signature ? await read(signature.offset, signature.length) : new Uint8Array(),
  });
  if (!signer.ok) return signer;

  const script = await readEntry(read, parts.value.distribution, mostDistribution);
  if (!script.ok) return script;
  const distribution = readDistribution(script.value);
  if (!distribution.ok) return distribution;
  const bundles: PackageFacts["bundles"] = [];
  for (const part of parts.value.components) {
    const info = await readEntry(read, part, mostPackageInfo);
    if (!info.ok) return info;
    const component = readComponent(info.value);
    if (!component.ok) return component;
    bundles.push(...component.value.bundles);
  }
  const { identifier, version, title, packages, minimumOsVersion } = distribution.value;
  return ok({
    identifier,
    version,
    title: title ?? identifier,
    facts: { kind: "pkg", signer: signer.value, packages, bundles, minimumOsVersion },
  });
}

async function readEntry(
  read: ReadRange,
  { path, data }: XarFile,
  mostBytes: number,
): Promise<Result<Uint8Array<ArrayBuffer>, FileRefusal>> {
  if (data === undefined) return refuseFile("damaged", `${path} is empty`);
  if (data.length > mostBytes || data.inflatedBytes > mostBytes)
    return refuseFile("too-complex", `${path} has more than ${mostBytes} bytes`);
  return openXarData(data, await read(data.offset, data.length), path, mostBytes);
}
