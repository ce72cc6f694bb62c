import { type Bytes, equalBytes, fromBase64, fromHex, fromUtf8, toHex } from "../base/bytes.ts";
import { ok, type Result } from "../base/result.ts";
import { inflateWithin } from "./inflate.ts";
import { type FileRefusal, refuseFile, shown } from "./refusal.ts";
import { childNamed, numberIn, readXmlTree, textOf, type XmlElement } from "./xml.ts";

/**
 * The container of flat packages: a header, a compressed table of contents in XML, and a heap that has everything else.
 * https://github.com/apple-oss-distributions/xar (`xar.h.in`, `archive.c`)
 *
 * Leaves to others: where the bytes come from. A caller reads the ranges that are named here.
 *
 * The surprise: what the format calls gzip is zlib (RFC 1950).
 */
export type XarHeader = {
  headerBytes: number;
  /** Of the table of contents, as it is in the file. */
  tocBytes: number;
  tocInflatedBytes: number;
  digest: XarDigest;
};

/** Where something is in the file. */
export type Range = { offset: number; length: number };

export type XarDigest = "SHA-1" | "SHA-256" | "SHA-512";

export type XarFile = {
  /** With the folders above it. */
  path: string;
  /** undefined: a folder, or a file without content. */
  data: XarData | undefined;
};

export type XarData = Range & {
  encoding: "none" | "zlib" | "other";
  inflatedBytes: number;
  /** Of the bytes in the heap. */
  checksum: { digest: XarDigest; value: Bytes } | undefined;
};

export type XarContents = {
  checksum: Range;
  /** The older of the two: Apple's tools write both. */
  signature: (Range & { certificates: Bytes[] }) | undefined;
  files: XarFile[];
};

/** The fixed part, and the name of another digest behind it. */
export const headerAtMost = 64;
const fixedHeader = 28;

const mostTocBytes = 2 * 1024 * 1024;
const mostInflatedToc = 8 * 1024 * 1024;
const mostFiles = 10_000;
const mostCertificates = 8;

/** Of the first bytes of a file that has this size. */
export function readXarHeader(first: Bytes, fileBytes: number): Result<XarHeader, FileRefusal> {
  if (first.length < fixedHeader || fromAscii(first.subarray(0, 4)) !== "xar!")
    return refuseFile("not-an-archive", "the file does not begin as a flat package (xar) does");
  const view = new DataView(first.buffer, first.byteOffset, first.byteLength);
  const headerBytes = view.getUint16(4);
  const version = view.getUint16(6);
  const tocBytes = Number(view.getBigUint64(8));
  const tocInflatedBytes = Number(view.getBigUint64(16));
  if (version !== 1 || headerBytes < fixedHeader || headerBytes > headerAtMost)
    return refuseFile("damaged", "the header of the archive is of an unknown version");
  const digest = digestOfHeader(view.getUint32(24), first.subarray(fixedHeader, headerBytes));
  if (digest === undefined)
    return refuseFile("unsupported-signature", "the archive has a checksum other than SHA-1 or SHA-2");
  if (tocBytes > mostTocBytes || tocInflatedBytes > mostInflatedToc)
    return refuseFile("too-complex", `the table of contents has ${tocInflatedBytes} bytes`);
  if (tocBytes === 0 || headerBytes + tocBytes > fileBytes)
    return refuseFile("damaged", "the table of contents is not in the file");
  return ok({ headerBytes, tocBytes, tocInflatedBytes, digest });
}

function digestOfHeader(algorithm: number, name: Uint8Array): XarDigest | undefined {
  if (algorithm === 1) return "SHA-1";
  if (algorithm !== 3) return undefined;
  const end = name.indexOf(0);
  return digestNamed(fromAscii(end < 0 ? name : name.subarray(0, end)));
}

export async function readXarContents(
  header: XarHeader,
  compressed: Bytes,
  fileBytes: number,
): Promise<Result<XarContents, FileRefusal>> {
  const what = "the table of contents";
  const inflated = await inflateWithin(compressed, "zlib", header.tocInflatedBytes, what);
  if (!inflated.ok) return inflated;
  if (inflated.value.length !== header.tocInflatedBytes)
    return refuseFile("damaged", `${what} is shorter than the header says`);
  const tree = readXmlTree(inflated.value, what);
  if (!tree.ok) return tree;
  const toc = tree.value.name === "xar" ? childNamed(tree.value, "toc") : undefined;
  if (toc === undefined) return refuseFile("damaged", `${what} is not one of a flat package`);
  const heap = { start: header.headerBytes + header.tocBytes, end: fileBytes };
  const checksum = rangeIn(heap, childNamed(toc, "checksum"), "size");
  if (checksum === undefined) return refuseFile("damaged", `${what} names no checksum of itself`);
  const signature = readSignature(heap, childNamed(toc, "signature"));
  if (!signature.ok) return signature;
  const files: XarFile[] = [];
  const refused = collect(heap, toc, "", files);
  return refused ?? ok({ checksum, signature: signature.value, files });
}

type Heap = { start: number; end: number };

/** Offsets are counted from the start of the heap. */
function rangeIn(heap: Heap, element: XmlElement | undefined, sizeName: string): Range | undefined {
  const offset = numberIn(textOf(element, "offset"));
  const length = numberIn(textOf(element, sizeName));
  if (offset === undefined || length === undefined) return undefined;
  const start = heap.start + offset;
  return start + length <= heap.end ? { offset: start, length } : undefined;
}

function readSignature(
  heap: Heap,
  element: XmlElement | undefined,
): Result<XarContents["signature"], FileRefusal> {
  if (element === undefined) return ok(undefined);
  if (element.attributes.get("style") !== "RSA")
    return refuseFile("unsupported-signature", "the signature is not an RSA signature");
  const range = rangeIn(heap, element, "size");
  const list = childNamed(childNamed(element, "KeyInfo"), "X509Data")?.children ?? [];
  const certificates = list
    .filter(({ name }) => name === "X509Certificate")
    .slice(0, mostCertificates)
    .map(({ text }) => fromBase64(text));
  if (range === undefined || certificates.length === 0 || certificates.some((der) => der === undefined))
    return refuseFile("bad-signature", "the signature has no certificate, or is not in the file");
  return ok({ ...range, certificates: certificates.filter((der) => der !== undefined) });
}

/** Returns what is wrong, or nothing. */
function collect(
  heap: Heap,
  parent: XmlElement,
  above: string,
  files: XarFile[],
): Extract<Result<never, FileRefusal>, { ok: false }> | undefined {
  for (const element of parent.children) {
    if (element.name !== "file") continue;
    const name = nameOf(element);
    if (name === undefined || !isPlainName(name))
      return refuseFile("unsafe-path", `an entry is called ${shown(name ?? "")}`);
    if (files.length >= mostFiles) return refuseFile("too-complex", `it has more than ${mostFiles} entries`);
    const path = above + name;
    const content = childNamed(element, "data");
    const data = content && readData(heap, content);
    if (content !== undefined && data === undefined && textOf(element, "type") === "file")
      return refuseFile("damaged", `${shown(path)} is not in the file`);
    files.push({ path, data });
    const refused = collect(heap, element, `${path}/`, files);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

function nameOf(element: XmlElement): string | undefined {
  const name = childNamed(element, "name");
  if (name?.attributes.get("enctype") !== "base64") return name?.text;
  const bytes = fromBase64(name.text);
  try {
    return bytes && fromUtf8(bytes);
  } catch {
    return undefined;
  }
}

const isPlainName = (name: string): boolean =>
  name !== "" && name !== "." && name !== ".." && !/[/\\\0]/.test(name);

function readData(heap: Heap, element: XmlElement): XarData | undefined {
  const range = rangeIn(heap, element, "length");
  const inflatedBytes = numberIn(textOf(element, "size"));
  if (range === undefined || inflatedBytes === undefined) return undefined;
  const style = childNamed(element, "encoding")?.attributes.get("style");
  const archived = childNamed(element, "archived-checksum");
  const digest = digestNamed(archived?.attributes.get("style") ?? "");
  const value = fromHex(archived?.text.trim() ?? "");
  return {
    ...range,
    inflatedBytes,
    encoding:
      style === "application/octet-stream" ? "none" : style === "application/x-gzip" ? "zlib" : "other",
    checksum: digest && value && { digest, value },
  };
}

/** What an entry holds, of its bytes in the heap: checked against the table of contents, which is signed. */
export async function openXarData(
  data: XarData,
  archived: Bytes,
  what: string,
  mostBytes: number,
): Promise<Result<Bytes, FileRefusal>> {
  if (data.checksum === undefined)
    return refuseFile("damaged", `the table of contents has no checksum of ${what}`);
  const digest = new Uint8Array(await crypto.subtle.digest(data.checksum.digest, archived));
  if (!equalBytes(digest, data.checksum.value))
    return refuseFile("damaged", `${what} is not what the table of contents says: ${toHex(digest)}`);
  if (data.encoding === "none") return ok(archived);
  if (data.encoding === "other")
    return refuseFile("too-complex", `${what} is compressed in a way that is not read here`);
  return inflateWithin(archived, "zlib", mostBytes, what);
}

function digestNamed(name: string): XarDigest | undefined {
  switch (name.toLowerCase().replace("-", "")) {
    case "sha1":
      return "SHA-1";
    case "sha256":
      return "SHA-256";
    case "sha512":
      return "SHA-512";
    default:
      return undefined;
  }
}

const fromAscii = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
