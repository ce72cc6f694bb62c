import { env, exports } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { type Bytes, sha256, toHex } from "../../src/base/bytes.ts";
import { manifestAddress } from "../../src/packages/links.ts";
import { readPlist } from "../../src/plist/read.ts";
import { ask } from "../support/admin.ts";
import { enrolledDevice, invite } from "../support/fleet.ts";
import { testProduct } from "../support/package-files/product.ts";

const packages = "/api/v1/packages";

const upload = (name: string, file: Bytes, headers: Record<string, string> = {}) =>
  ask("PUT", `${packages}/${name}`, {
    body: file,
    headers: {
      "Content-Type": "application/octet-stream",
      "Content-Length": String(file.length),
      ...headers,
    },
  });

const fetchAt = (url: string, init?: RequestInit): Promise<Response> => exports.default.fetch(url, init);

/** What an installer does first: it reads the manifest. */
async function manifestFor(name: string, device: { id: string }) {
  const url = await manifestAddress(env, { package: name, device: device.id, now: Date.now() });
  const answer = await fetchAt(url);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (answer.status !== 200) return { answer, text: new TextDecoder().decode(bytes) };
  const read = readPlist(bytes);
  if (!read.ok) throw new Error(read.refusal.reason);
  const items = plain(read.value) as { items: { assets: Record<string, unknown>[]; metadata: object }[] };
  const [item] = items.items;
  return { answer, asset: item?.assets[0] ?? {}, metadata: item?.metadata };
}

function plain(value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, one]) => [key, plain(one)]));
  return Array.isArray(value) ? value.map(plain) : value;
}

beforeEach(async () => {
  await invite();
});

test("a package is uploaded, and a Mac fetches its manifest and its file", async () => {
  const file = await testProduct();
  const mac = await enrolledDevice("mac");

  const saved = await upload("tool", file);

  expect(saved.status, saved.text).toBe(201);
  expect(saved.json).toMatchObject({
    name: "tool",
    kind: "pkg",
    identifier: "com.example.tool.product",
    version: "1.2.3",
    title: "Example & Tool",
    size: file.length,
    sha256: toHex(await sha256(file)),
    minimum_os_version: "13.0",
    packages: [{ identifier: "com.example.tool", version: "1.2.3" }],
    bundles: [{ identifier: "com.example.tool.app", version: "1.2.3" }],
    signer: { common_name: "Developer ID Installer: Example (ABCDE12345)", developer_id: true },
    outcome: "created",
  });
  const { answer, asset, metadata } = await manifestFor("tool", mac);
  expect(answer.headers.get("Content-Type")).toBe("application/xml");
  expect(metadata).toEqual({
    kind: "software",
    "bundle-identifier": "com.example.tool.product",
    "bundle-version": "1.2.3",
    title: "Example & Tool",
  });
  expect(asset).toMatchObject({
    kind: "software-package",
    "sha256-size": file.length,
    sha256s: [toHex(await sha256(file))],
    "md5-size": file.length,
    md5s: [toHex(new Uint8Array(await crypto.subtle.digest("MD5", file)))],
  });
  const download = await fetchAt(String(asset.url));
  expect(download.status).toBe(200);
  expect(download.headers.get("Content-Length")).toBe(String(file.length));
  expect(new Uint8Array(await download.arrayBuffer())).toEqual(file);
});
