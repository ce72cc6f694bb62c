import { deflateSync } from "node:zlib";
import { type Bytes, concat, toBase64, toHex, utf8 } from "../../../src/base/bytes.ts";
import type { TestIdentity } from "../test-pki.ts";

// Flat packages as productbuild and productsign write them, and as nobody should.

export type XarEntry = {
  name: string;
  content?: Bytes;
  /** Compressed unless told; a payload is stored as it is. */
  stored?: boolean;
  children?: XarEntry[];
};

export type XarOrder = {
  entries: XarEntry[];
  signer?: { identity: TestIdentity; chain?: TestIdentity[] } | undefined;
  digest?: "SHA-1" | "SHA-256";
  /** Changes the table of contents before it is compressed and signed. */
  toc?: (xml: string) => string;
  /** Changes the file after it is signed. */
  after?: (file: Bytes) => Bytes;
  /** What the header says of the inflated table of contents. */
  inflatedBytes?: number;
};

const algorithms = { "SHA-1": { bytes: 20, style: "sha1" }, "SHA-256": { bytes: 32, style: "sha256" } };
const signatureBytes = 256;

export async function writeXar(order: XarOrder): Promise<Bytes> {
  const { entries, signer, digest = "SHA-1", toc = (xml) => xml } = order;
  const { bytes: digestBytes, style } = algorithms[digest];
  const heap: Bytes[] = [];
  let at = digestBytes + (signer ? signatureBytes : 0);
  let id = 0;
  async function write(entry: XarEntry): Promise<string> {
    const { name, content, stored = false, children = [] } = entry;
    id += 1;
    const start = `<file id="${id}">`;
    const inside = await inTurn(children, write);
    const end = `<type>${content ? "file" : "directory"}</type><name>${name}</name></file>`;
    if (content === undefined) return start + inside + end;
    const archived = stored ? content : new Uint8Array(deflateSync(content));
    const [archivedSum, extractedSum] = [await hash(digest, archived), await hash(digest, content)];
    const data = `<data><length>${archived.length}</length><encoding style="application/${stored ? "octet-stream" : "x-gzip"}"/><offset>${at}</offset><size>${content.length}</size><extracted-checksum style="${style}">${toHex(extractedSum)}</extracted-checksum><archived-checksum style="${style}">${toHex(archivedSum)}</archived-checksum></data>`;
    heap.push(archived);
    at += archived.length;
    return start + data + inside + end;
  }
  const files = await inTurn(entries, write);
  const signature = signer ? signatureXml(digestBytes, signer) : "";
  const xml = toc(
    `<?xml version="1.0" encoding="UTF-8"?>\n<xar><toc><creation-time>2026-11-28T20:00:00</creation-time><checksum style="${style}"><offset>0</offset><size>${digestBytes}</size></checksum>${signature}${files}</toc></xar>`,
  );
  const compressed = new Uint8Array(deflateSync(utf8(xml)));
  const checksum = await hash(digest, compressed);
  const signed = signer ? await signRsa(signer.identity, digest, compressed) : new Uint8Array();
  const file = concat([
    header(digest, compressed.length, order.inflatedBytes ?? utf8(xml).length),
    compressed,
    checksum,
    signed,
    ...heap,
  ]);
  return order.after ? order.after(file) : file;
}

function header(digest: "SHA-1" | "SHA-256", compressed: number, inflated: number): Bytes {
  const length = digest === "SHA-1" ? 28 : 64;
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  bytes.set(utf8("xar!"));
  view.setUint16(4, length);
  view.setUint16(6, 1);
  view.setBigUint64(8, BigInt(compressed));
  view.setBigUint64(16, BigInt(inflated));
  view.setUint32(24, digest === "SHA-1" ? 1 : 3);
  if (digest === "SHA-256") bytes.set(utf8("sha256"), 28);
  return bytes;
}

function signatureXml(offset: number, { identity, chain = [] }: NonNullable<XarOrder["signer"]>): string {
  const certificates = [identity, ...chain]
    .map(({ certificate }) => `<X509Certificate>${toBase64(certificate.der)}</X509Certificate>`)
    .join("");
  return `<signature style="RSA"><offset>${offset}</offset><size>${signatureBytes}</size><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data>${certificates}</X509Data></KeyInfo></signature>`;
}

async function signRsa({ keys }: TestIdentity, hashName: string, data: Bytes): Promise<Bytes> {
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: hashName };
  const key = await crypto.subtle.importKey("pkcs8", keys.pkcs8, algorithm, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign(algorithm.name, key, data));
}

const hash = async (digest: string, bytes: Bytes): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.digest(digest, bytes));

async function inTurn(entries: readonly XarEntry[], write: (entry: XarEntry) => Promise<string>) {
  let text = "";
  for (const entry of entries) text += await write(entry);
  return text;
}
