import type { Bytes } from "../base/bytes.ts";
import { ok, type Result } from "../base/result.ts";
import { inflateWithin } from "./inflate.ts";
import { type FileRefusal, refuseFile, shown } from "./refusal.ts";
import type { Range } from "./xar.ts";

/**
 * Zip archives, of which an `.ipa` is one: the end of the archive says where the central directory is, and that says
 * where each entry is. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT (4.3)
 *
 * Leaves out on purpose: archives in several files, encrypted entries, and zip64 beyond what a large app needs of it.
 */
export type ZipEnd = { directory: Range; entries: number };

export type ZipEntry = {
  path: string;
  method: number;
  crc32: number;
  compressedBytes: number;
  inflatedBytes: number;
  /** Where its local header begins. */
  offset: number;
};

/** The end may have a comment behind it. */
export const endAtMost = 22 + 0xffff;
export const localHeaderBytes = 30;
const zip64LocatorBytes = 20;
const zip64EndBytes = 56;

const mostDirectoryBytes = 16 * 1024 * 1024;
const mostEntries = 100_000;
/** Of all entries together: what a device would have to write. */
const mostInflated = 64 * 1024 ** 3;
const deepestPath = 64;

/** `tail`: the last bytes of the file, as many as `endAtMost` or all. `zip64` reads another end, where there is one. */
export async function findZipEnd(
  tail: Bytes,
  fileBytes: number,
  read: (offset: number, length: number) => Promise<Bytes>,
): Promise<Result<ZipEnd, FileRefusal>> {
  const at = lastEnd(tail);
  if (at === undefined)
    return refuseFile(
      "not-an-archive",
      "the file does not end as a zip archive does: it is none, or cut off",
    );
  const view = viewOf(tail);
  const tailStart = fileBytes - tail.length;
  const [disk, firstDisk] = [view.getUint16(at + 4), view.getUint16(at + 6)];
  const short = {
    entries: view.getUint16(at + 10, true),
    length: view.getUint32(at + 12, true),
    offset: view.getUint32(at + 16, true),
  };
  const isLarge = short.entries === 0xffff || short.length === 0xffffffff || short.offset === 0xffffffff;
  const large = isLarge ? await readZip64(tailStart + at, read) : short;
  if (large === undefined)
    return refuseFile("damaged", "the end of the archive names a place that is not there");
  const { entries, length, offset } = large;
  if ((disk !== 0 && disk !== 0xffff) || (firstDisk !== 0 && firstDisk !== 0xffff))
    return refuseFile("too-complex", "the archive is one of several");
  if (length > mostDirectoryBytes || entries > mostEntries)
    return refuseFile("too-complex", `the archive has ${entries} entries`);
  if (offset + length > tailStart + at)
    return refuseFile("damaged", "the central directory is not in the file");
  return ok({ directory: { offset, length }, entries });
}

/** The last place that looks like an end whose comment goes to the end of the file. */
function lastEnd(tail: Bytes): number | undefined {
  const view = viewOf(tail);
  for (let at = tail.length - 22; at >= 0; at--) {
    if (tail[at] === 0x50 && view.getUint32(at, true) === 0x06054b50) {
      if (at + 22 + view.getUint16(at + 20, true) === tail.length) return at;
    }
  }
  return undefined;
}

async function readZip64(
  endAt: number,
  read: (offset: number, length: number) => Promise<Bytes>,
): Promise<{ entries: number; length: number; offset: number } | undefined> {
  const locatorAt = endAt - zip64LocatorBytes;
  if (locatorAt < 0) return undefined;
  const locator = viewOf(await read(locatorAt, zip64LocatorBytes));
  const at = Number(locator.getBigUint64(8, true));
  if (locator.getUint32(0, true) !== 0x07064b50 || at + zip64EndBytes > locatorAt) return undefined;
  const end = viewOf(await read(at, zip64EndBytes));
  if (end.getUint32(0, true) !== 0x06064b50) return undefined;
  return {
    entries: Number(end.getBigUint64(32, true)),
    length: Number(end.getBigUint64(40, true)),
    offset: Number(end.getBigUint64(48, true)),
  };
}

/** All entries are walked, and those kept that somebody looks for: an app has tens of thousands. */
export function readZipDirectory(
  directory: Bytes,
  { entries, directory: { offset: directoryAt } }: ZipEnd,
  isWanted: (path: string) => boolean,
): Result<ZipEntry[], FileRefusal> {
  const view = viewOf(directory);
  const found: ZipEntry[] = [];
  let [at, inflated] = [0, 0];
  for (let count = 0; count < entries; count++) {
    if (at + 46 > directory.length || view.getUint32(at, true) !== 0x02014b50)
      return refuseFile("damaged", "the central directory has fewer entries than it says");
    const nameBytes = view.getUint16(at + 28, true);
    const extraBytes = view.getUint16(at + 30, true);
    const end = at + 46 + nameBytes + extraBytes + view.getUint16(at + 32, true);
    if (end > directory.length) return refuseFile("damaged", "the central directory is cut off");
    const path = decoder.decode(directory.subarray(at + 46, at + 46 + nameBytes));
    if (!staysInside(path)) return refuseFile("unsafe-path", `an entry is called ${shown(path)}`);
    const sizes = sizesOf(view, at, nameBytes, extraBytes);
    if (sizes === undefined) return refuseFile("damaged", `${shown(path)} has no sizes that can be read`);
    inflated += sizes.inflatedBytes;
    if (inflated > mostInflated)
      return refuseFile("too-complex", `the archive inflates to more than ${mostInflated} bytes`);
    if (sizes.offset + localHeaderBytes + sizes.compressedBytes > directoryAt)
      return refuseFile("damaged", `${shown(path)} is not in the file`);
    if (isWanted(path)) {
      if ((view.getUint16(at + 8, true) & 1) !== 0)
        return refuseFile("too-complex", `${shown(path)} is encrypted`);
      const [method, crc32] = [view.getUint16(at + 10, true), view.getUint32(at + 16, true)];
      found.push({ path, method, crc32, ...sizes });
    }
    at = end;
  }
  return ok(found);
}

/** Sizes that do not fit stand in an extra field (4.5.3), in this order and only where they are wanted. */
function sizesOf(view: DataView, at: number, nameBytes: number, extraBytes: number) {
  const short = [view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)];
  const extraAt = at + 46 + nameBytes;
  const large = short.includes(0xffffffff) ? zip64Field(view, extraAt, extraAt + extraBytes) : undefined;
  let next = large?.at ?? 0;
  const whole: number[] = [];
  for (const value of short) {
    if (value !== 0xffffffff) whole.push(value);
    else {
      if (large === undefined || next + 8 > large.end) return undefined;
      whole.push(Number(view.getBigUint64(next, true)));
      next += 8;
    }
  }
  const [inflatedBytes = 0, compressedBytes = 0, offset = 0] = whole;
  return { inflatedBytes, compressedBytes, offset };
}

function zip64Field(view: DataView, from: number, to: number): { at: number; end: number } | undefined {
  for (let at = from; at + 4 <= to; ) {
    const end = at + 4 + view.getUint16(at + 2, true);
    if (end > to) return undefined;
    if (view.getUint16(at, true) === 1) return { at: at + 4, end };
    at = end;
  }
  return undefined;
}

/** What its local header says must be what the directory says: two readers must not see two files. */
export function zipDataOf(entry: ZipEntry, header: Bytes): Result<Range, FileRefusal> {
  const view = viewOf(header);
  const isHeader = header.length === localHeaderBytes && view.getUint32(0, true) === 0x04034b50;
  if (!isHeader || view.getUint16(8, true) !== entry.method)
    return refuseFile("damaged", `${shown(entry.path)} is not where the directory says`);
  const skipped = localHeaderBytes + view.getUint16(26, true) + view.getUint16(28, true);
  return ok({ offset: entry.offset + skipped, length: entry.compressedBytes });
}

export async function openZipData(
  entry: ZipEntry,
  compressed: Bytes,
  mostBytes: number,
): Promise<Result<Bytes, FileRefusal>> {
  const { path, method, inflatedBytes } = entry;
  if (inflatedBytes > mostBytes)
    return refuseFile("too-complex", `${shown(path)} has more than ${mostBytes} bytes`);
  if (method !== 0 && method !== 8)
    return refuseFile("too-complex", `${shown(path)} is compressed in a way that is not read here`);
  const opened =
    method === 0 ? ok(compressed) : await inflateWithin(compressed, "raw", mostBytes, shown(path));
  if (!opened.ok) return opened;
  const { crc32 } = await import("node:zlib");
  if (opened.value.length !== inflatedBytes || crc32(opened.value) !== entry.crc32)
    return refuseFile("damaged", `${shown(path)} is not what the directory says`);
  return opened;
}

/** Names that would leave the folder where the archive is opened. */
function staysInside(path: string): boolean {
  if (path === "" || path.startsWith("/") || /[\\\0]/.test(path) || /^[A-Za-z]:/.test(path)) return false;
  if (!path.includes("..") && path.length < deepestPath) return true;
  const parts = path.split("/");
  return parts.length <= deepestPath && !parts.includes("..");
}

const decoder = new TextDecoder();
const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
