import { env, exports } from "cloudflare:workers";
import { type Bytes, sha256, toBase64 } from "../../../src/base/bytes.ts";
import { chunkBytes } from "../../../src/packages/chunks.ts";
import { manifestAddress } from "../../../src/packages/links.ts";
import { readPlist } from "../../../src/plist/read.ts";
import { ask } from "../admin.ts";

// An administrator's program that uploads, and a device's installer that downloads.

export const packages = "/api/v1/packages";

const octets = { "Content-Type": "application/octet-stream" };

/** A whole file in one request. */
export const upload = (
  name: string,
  file: Bytes,
  more: { token?: string; headers?: Record<string, string> } = {},
) =>
  ask("PUT", `${packages}/${name}`, {
    ...more,
    body: file,
    headers: { ...octets, "Content-Length": String(file.length), ...more.headers },
  });

export const contentDigest = async (bytes: Bytes): Promise<Record<string, string>> => ({
  "Content-Digest": `sha-256=:${toBase64(await sha256(bytes))}:`,
});

export async function begin(name: string, order: object): Promise<string> {
  const { status, json, text } = await ask("POST", `${packages}/${name}/uploads`, { json: order });
  if (status !== 201) throw new Error(text);
  return json.id;
}

export const sendPart = (
  name: string,
  id: string,
  part: number,
  bytes: Bytes,
  headers: Record<string, string> = {},
) =>
  ask("PUT", `${packages}/${name}/uploads/${id}/parts/${part}`, {
    body: bytes,
    headers: { ...octets, "Content-Length": String(bytes.length), ...headers },
  });

export const complete = (name: string, id: string) =>
  ask("POST", `${packages}/${name}/uploads/${id}/complete`);

export const partOf = (file: Bytes, part: number): Bytes =>
  file.slice((part - 1) * chunkBytes, part * chunkBytes);

export const fetchAt = (url: string, init?: RequestInit): Promise<Response> =>
  exports.default.fetch(url, init);

export const manifestLink = (name: string, device: { id: string }, now = Date.now()): Promise<string> =>
  manifestAddress(env, { package: name, device: device.id, now });

export type Manifest = {
  asset: Record<string, unknown> & { url: string };
  metadata: Record<string, unknown>;
};

/** What an installer does first. */
export async function readManifest(url: string): Promise<Manifest> {
  const answer = await fetchAt(url);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (answer.status !== 200) throw new Error(`${answer.status}: ${new TextDecoder().decode(bytes)}`);
  const read = readPlist(bytes);
  if (!read.ok) throw new Error(read.refusal.reason);
  const [item] = (plain(read.value) as { items: { assets: Manifest["asset"][]; metadata: object }[] }).items;
  const [asset] = item?.assets ?? [];
  if (item === undefined || asset === undefined) throw new Error("the manifest has no asset");
  return { asset, metadata: item.metadata as Manifest["metadata"] };
}

export const manifestFor = async (name: string, device: { id: string }): Promise<Manifest> =>
  readManifest(await manifestLink(name, device));

export const bytesOf = async (answer: Response): Promise<Bytes> => new Uint8Array(await answer.arrayBuffer());

/** Not in wrangler.toml, so not in the types of it. */
export const bucket = (env as unknown as { PACKAGES: R2Bucket }).PACKAGES;

/** The keys of all objects in the bucket. */
export const stored = async (): Promise<string[]> => (await bucket.list()).objects.map(({ key }) => key);

function plain(value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, one]) => [key, plain(one)]));
  return Array.isArray(value) ? value.map(plain) : value;
}
