// A device's installer: it fetches the manifest, then the file that it names, and compares the hash of each part.
import { createHash } from "node:crypto";
import { readPlist } from "../../src/plist/read.ts";
import { Trouble } from "../trouble.ts";

export async function installFrom(manifestUrl: string): Promise<{ identifier: string; version: string }> {
  const read = readPlist(await fetched(manifestUrl));
  if (!read.ok) throw new Trouble(`the manifest is no property list: ${read.refusal.reason}`);
  const { items } = plain(read.value) as Manifest;
  const [item] = items;
  const [asset] = item?.assets ?? [];
  if (item === undefined || asset === undefined) throw new Trouble("the manifest names no file");
  const file = await fetched(asset.url);
  const size = asset["sha256-size"];
  const hashes = asset.sha256s.map((_, part) =>
    createHash("sha256")
      .update(file.subarray(part * size, (part + 1) * size))
      .digest("hex"),
  );
  if (hashes.join() !== asset.sha256s.join()) throw new Trouble("the file is not what the manifest says");
  const { "bundle-identifier": identifier, "bundle-version": version } = item.metadata;
  return { identifier, version };
}

type Manifest = {
  items: {
    assets: { url: string; "sha256-size": number; sha256s: string[] }[];
    metadata: { "bundle-identifier": string; "bundle-version": string };
  }[];
};

async function fetched(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Trouble(`${url} answered ${answer.status}: ${await answer.text()}`);
  return new Uint8Array(await answer.arrayBuffer());
}

function plain(value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, one]) => [key, plain(one)]));
  return Array.isArray(value) ? value.map(plain) : value;
}
