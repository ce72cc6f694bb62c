import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { app } from "../../src/app.ts";
import { type Bytes, concat, sha256, toHex } from "../../src/base/bytes.ts";
import { day } from "../../src/base/time.ts";
import { chunkBytes } from "../../src/packages/chunks.ts";
import { adminToken, ask, origin, tokenFor } from "../support/admin.ts";
import { enrolledDevice, invite, objectOf } from "../support/fleet.ts";
import { run, withBindings } from "../support/jobs.ts";
import { testApp } from "../support/package-files/app-archive.ts";
import { testProduct } from "../support/package-files/product.ts";
import {
  begin,
  bucket,
  bytesOf,
  complete,
  contentDigest,
  fetchAt,
  manifestFor,
  manifestLink,
  packages,
  partOf,
  readManifest,
  sendPart,
  stored,
  upload,
} from "../support/package-files/uploads.ts";

const hex = async (bytes: Bytes): Promise<string> => toHex(await sha256(bytes));
const md5 = async (bytes: Bytes): Promise<string> =>
  toHex(new Uint8Array(await crypto.subtle.digest("MD5", bytes)));

/** A product with this many bytes behind what it names, which differ in each part. */
async function largeProduct(bytes: number, version = "1.0"): Promise<Bytes> {
  const product = await testProduct({ version });
  const padding = new Uint8Array(bytes - product.length);
  for (let at = 0; at < padding.length; at += 4096) padding[at] = (at / 4096) % 251;
  return concat([product, padding]);
}

beforeEach(async () => {
  vi.useRealTimers();
  for (const key of await stored()) await bucket.delete(key);
  for (const table of [
    "packages",
    "package_files",
    "package_uploads",
    "package_parts",
    "events",
    "audit_entries",
  ])
    await env.DB.prepare(`DELETE FROM ${table}`).run();
  await invite();
});

describe("a package", () => {
  test("is uploaded, and a Mac fetches its manifest and its file", async () => {
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
      sha256: await hex(file),
      minimum_os_version: "13.0",
      packages: [{ identifier: "com.example.tool", version: "1.2.3" }],
      bundles: [{ identifier: "com.example.tool.app", version: "1.2.3" }],
      signer: { common_name: "Developer ID Installer: Example (ABCDE12345)", developer_id: true },
      outcome: "created",
    });
    const { asset, metadata } = await manifestFor("tool", mac);
    expect(metadata).toEqual({
      kind: "software",
      "bundle-identifier": "com.example.tool.product",
      "bundle-version": "1.2.3",
      title: "Example & Tool",
    });
    expect(asset).toMatchObject({
      kind: "software-package",
      "sha256-size": file.length,
      sha256s: [await hex(file)],
      "md5-size": file.length,
      md5s: [await md5(file)],
    });
    expect(asset.url).toMatch(/\/tool\.pkg$/);
    const download = await fetchAt(asset.url);
    expect(download.status).toBe(200);
    expect(download.headers.get("Content-Length")).toBe(String(file.length));
    expect(await bytesOf(download)).toEqual(file);
  });

  test("may be an app for phones", async () => {
    const file = await testApp();
    const phone = await enrolledDevice("iphone");

    const saved = await upload("field", file);

    expect(saved.json).toMatchObject({
      kind: "ipa",
      identifier: "com.example.field",
      version: "410",
      short_version: "4.1",
      platforms: ["iPhoneOS"],
      provisioning: { name: "Example In House", distribution: "enterprise" },
      signer: null,
    });
    const { asset, metadata } = await manifestFor("field", phone);
    expect(metadata).toMatchObject({ "bundle-identifier": "com.example.field", "bundle-version": "410" });
    expect(await bytesOf(await fetchAt(asset.url))).toEqual(file);
  });

  test("that is refused says what to do, and the one before stays", async () => {
    const good = await testProduct();
    await upload("tool", good);
    const mac = await enrolledDevice("mac");

    const refused = await upload("tool", await testProduct({ signer: "nobody", version: "2.0" }));

    expect(refused.status).toBe(400);
    expect(refused.json.errors).toEqual([
      { pointer: "", code: "unsigned", detail: expect.stringContaining("productsign --sign") },
    ]);
    const { asset } = await manifestFor("tool", mac);
    expect(await bytesOf(await fetchAt(asset.url))).toEqual(good);
    expect(await stored()).toHaveLength(1);
    expect((await ask("GET", `${packages}/tool/uploads`)).json.items).toEqual([]);
  });

  test("of the same content is the same package", async () => {
    const file = await testProduct();
    const first = await upload("tool", file);

    const again = await upload("tool", file);

    expect(again.status).toBe(200);
    expect(again.json).toEqual({ ...first.json, outcome: "unchanged" });
    expect(await stored()).toHaveLength(1);
  });

  test("of a newer version replaces the earlier one, whose links work until they end", async () => {
    const [old, newer] = [await testProduct({ version: "1.0" }), await testProduct({ version: "2.0" })];
    await upload("tool", old);
    const mac = await enrolledDevice("mac");
    const before = await manifestFor("tool", mac);

    const saved = await upload("tool", newer);

    expect(saved.json).toMatchObject({ version: "2.0", outcome: "replaced" });
    const after = await manifestFor("tool", mac);
    expect(after.metadata["bundle-version"]).toBe("2.0");
    expect(await bytesOf(await fetchAt(before.asset.url))).toEqual(old);
    expect(await bytesOf(await fetchAt(after.asset.url))).toEqual(newer);

    vi.setSystemTime(Date.now() + 4 * day);
    await run("packages");
    expect(await stored()).toHaveLength(1);
    expect((await fetchAt(before.asset.url)).status).toBe(410);
  });

  test("leaves events and an audit entry", async () => {
    await upload("tool", await testProduct());
    await ask("DELETE", `${packages}/tool`);

    const { json } = await ask("GET", "/api/v1/events?limit=100");
    const told = json.items.filter(({ name }: { name: string }) => name.startsWith("package."));
    expect(told.map(({ name, detail }: { name: string; detail: object }) => [name, detail])).toEqual([
      [
        "package.deleted",
        { package: "tool", kind: "pkg", identifier: "com.example.tool.product", version: "1.2.3" },
      ],
      ["package.uploaded", expect.objectContaining({ package: "tool", version: "1.2.3" })],
    ]);
    const audit = await ask("GET", "/api/v1/audit?target=packages/tool");
    expect(audit.json.items.map(({ method }: { method: string }) => method)).toEqual(["DELETE", "PUT"]);
  });
});

describe("an upload in parts", () => {
  test("takes them in any order, one of them twice, and is completed once", async () => {
    const file = await largeProduct(2 * chunkBytes + 1000);
    const mac = await enrolledDevice("mac");
    const id = await begin("large", { kind: "pkg", size: file.length, sha256: await hex(file) });

    const last = await sendPart("large", id, 3, partOf(file, 3));
    expect(last.json).toEqual({
      part: 3,
      md5: await md5(partOf(file, 3)),
      sha256: await hex(partOf(file, 3)),
    });
    const early = await complete("large", id);
    expect(early.status).toBe(409);
    expect(early.json.missing_parts).toEqual([1, 2]);
    await sendPart("large", id, 1, partOf(file, 2));
    await sendPart("large", id, 1, partOf(file, 1), await contentDigest(partOf(file, 1)));
    await sendPart("large", id, 2, partOf(file, 2));
    const parts = (await ask("GET", `${packages}/large/uploads/${id}/parts?limit=2`)).json;
    expect(parts.items.map(({ part }: { part: number }) => part)).toEqual([1, 2]);
    expect(parts.next_cursor).not.toBeNull();

    const done = await complete("large", id);

    expect(done.status, done.text).toBe(200);
    expect(done.json).toMatchObject({ outcome: "created", size: file.length, sha256: await hex(file) });
    expect((await complete("large", id)).json).toMatchObject({ outcome: "unchanged", size: file.length });
    const { asset } = await manifestFor("large", mac);
    expect(asset).toMatchObject({
      "sha256-size": chunkBytes,
      sha256s: [await hex(partOf(file, 1)), await hex(partOf(file, 2)), await hex(partOf(file, 3))],
      md5s: [await md5(partOf(file, 1)), await md5(partOf(file, 2)), await md5(partOf(file, 3))],
    });
    expect(await hex(await bytesOf(await fetchAt(asset.url)))).toBe(await hex(file));
  });

  test("is the same as one request", async () => {
    const file = await largeProduct(chunkBytes + 77);
    const whole = await upload("large", file);
    const id = await begin("large", { kind: "pkg", size: file.length });
    await sendPart("large", id, 1, partOf(file, 1));
    await sendPart("large", id, 2, partOf(file, 2));

    const done = await complete("large", id);

    expect(whole.status).toBe(201);
    expect(done.json).toMatchObject({ outcome: "unchanged", content_hash: whole.json.content_hash });
  });

  test("refuses what is not what was declared", async () => {
    const file = await largeProduct(chunkBytes + 500);
    const id = await begin("large", { kind: "pkg", size: file.length, sha256: "0".repeat(64) });
    const codeOf = ({ json }: { json: { errors: { code: string }[] } }) => json.errors[0]?.code;

    expect(codeOf(await sendPart("large", id, 1, partOf(file, 2)))).toBe("wrong-length");
    expect(codeOf(await sendPart("large", id, 3, partOf(file, 2)))).toBe("no-such-part");
    expect(codeOf(await sendPart("large", id, 2, partOf(file, 2), await contentDigest(file)))).toBe(
      "wrong-digest",
    );
    expect(codeOf(await sendPart("large", id, 2, partOf(file, 2), { "Content-Digest": "md5=:AA==:" }))).toBe(
      "content-digest",
    );
    expect(codeOf(await sendPart("large", id, 2, file))).toBe("content-length");
    await sendPart("large", id, 1, partOf(file, 1));
    await sendPart("large", id, 2, partOf(file, 2));
    expect(codeOf(await complete("large", id))).toBe("other-digest");
    expect((await complete("large", id)).status).toBe(404);
    expect(await stored()).toEqual([]);
  });

  test("that stopped behind the bucket's last step is completed by the next call", async () => {
    const file = await testProduct();
    const id = await begin("tool", { kind: "pkg", size: file.length });
    await sendPart("tool", id, 1, file);
    const row = await env.DB.prepare(
      "SELECT bucket_upload_id AS upload, etag FROM package_uploads JOIN package_parts ON upload_id = id",
    ).first<{ upload: string; etag: string }>();
    await bucket
      .resumeMultipartUpload(`packages/${id}`, row?.upload ?? "")
      .complete([{ partNumber: 1, etag: row?.etag ?? "" }]);

    expect((await complete("tool", id)).json).toMatchObject({ outcome: "created", version: "1.2.3" });
  });

  test("that nobody continues is given up, with its parts", async () => {
    const file = await largeProduct(chunkBytes + 500);
    const id = await begin("large", { kind: "pkg", size: file.length });
    await sendPart("large", id, 1, partOf(file, 1));
    vi.setSystemTime(Date.now() + 3 * day);

    const report = await run("packages");

    expect(report.counts).toEqual({ uploads: 1 });
    expect((await sendPart("large", id, 2, partOf(file, 2))).status).toBe(404);
    const left = await env.DB.prepare("SELECT count(*) AS n FROM package_parts").first<number>("n");
    expect(left).toBe(0);
  });

  test("may be given up at once, and ten of a package are enough", async () => {
    const ids: string[] = [];
    for (let at = 0; at < 10; at++) ids.push(await begin("tool", { kind: "pkg", size: 500 }));

    const eleventh = await ask("POST", `${packages}/tool/uploads`, { json: { kind: "pkg", size: 500 } });
    expect(eleventh.status).toBe(409);
    expect((await ask("DELETE", `${packages}/tool/uploads/${ids[0]}`)).status).toBe(204);
    expect((await ask("DELETE", `${packages}/other/uploads/${ids[1]}`)).status).toBe(404);
    await begin("tool", { kind: "pkg", size: 500 });
  });

  test("that is given up while it is completed leaves no package without a file", async () => {
    const file = await testProduct();
    const id = await begin("tool", { kind: "pkg", size: file.length });
    await sendPart("tool", id, 1, file);

    const [done, gone] = await Promise.all([
      complete("tool", id),
      ask("DELETE", `${packages}/tool/uploads/${id}`),
    ]);
    await run("packages");

    expect([200, 404, 503]).toContain(done.status);
    expect([204, 404]).toContain(gone.status);
    const there = (await ask("GET", `${packages}/tool`)).status === 200;
    expect((await stored()).length).toBe(there ? 1 : 0);
  });

  test("of a package that was deleted meanwhile does not bring it back", async () => {
    await upload("tool", await testProduct());
    const file = await testProduct({ version: "2.0" });
    const id = await begin("tool", { kind: "pkg", size: file.length });
    await sendPart("tool", id, 1, file);

    await ask("DELETE", `${packages}/tool`);

    expect((await complete("tool", id)).status).toBe(404);
    expect((await ask("GET", `${packages}/tool`)).status).toBe(404);
  });

  test.each([
    ["no bytes", { kind: "pkg", size: 0 }, "/size"],
    ["more than any file", { kind: "pkg", size: 5 * 1024 ** 3 }, "/size"],
    ["another kind", { kind: "dmg", size: 5 }, "/kind"],
    ["a hash that is none", { kind: "pkg", size: 5, sha256: "abc" }, "/sha256"],
  ])("cannot be of %s", async (_, json, pointer) => {
    const refused = await ask("POST", `${packages}/tool/uploads`, { json });

    expect(refused.status).toBe(400);
    expect(refused.json.errors[0].pointer).toBe(pointer);
  });
});

describe("a file in one request", () => {
  /** Not over a connection, which would put right what a header says. */
  async function codeOfHeaders(headers: Record<string, string>): Promise<string | undefined> {
    const request = new Request(`${origin}${packages}/tool`, {
      method: "PUT",
      headers: { Authorization: `Bearer ${adminToken}`, ...headers },
    });
    const answer = await app.fetch(request, env as unknown as Env, createExecutionContext());
    return ((await answer.json()) as { errors: { code: string }[] }).errors[0]?.code;
  }

  const codeOf = ({ json }: { json: { errors: { code: string }[] } }) => json.errors[0]?.code;

  test("is refused where it is of neither kind, another one, too large, or does not say how long it is", async () => {
    const file = await testProduct();

    expect(codeOf(await upload("tool", new TextEncoder().encode("<html>") as Bytes))).toBe("not-an-archive");
    expect(codeOf(await upload("tool", file, { headers: await contentDigest(partOf(file, 2)) }))).toBe(
      "other-digest",
    );
    expect(await codeOfHeaders({})).toBe("content-length");
    expect(await codeOfHeaders({ "Content-Length": "0" })).toBe("content-length");
    expect(await codeOfHeaders({ "Content-Length": "200000000" })).toBe("content-length");
    expect(await codeOfHeaders({ "Content-Length": "900" })).toBe("not-an-archive");
    expect(await stored()).toEqual([]);
    expect((await ask("GET", packages)).json.items).toEqual([]);
  });

  test.each(["..", "a b", "-a", "ä", "a%2Fb", "x".repeat(101)])("cannot be called %s", async (name) => {
    const refused = await upload(encodeURIComponent(name), await testProduct());

    expect([400, 404, 405]).toContain(refused.status);
  });
});

describe("a link", () => {
  test("stays the same for weeks, and ends", async () => {
    await upload("tool", await testProduct());
    const mac = await enrolledDevice("mac");
    const now = Date.now();
    const link = await manifestLink("tool", mac, now);
    const later = await Promise.all(
      Array.from({ length: 90 }, (_, days) => manifestLink("tool", mac, now + days * day)),
    );

    expect(new Set(later).size).toBe(2);
    vi.setSystemTime(now + 89 * day);
    expect((await fetchAt(link)).status).toBe(200);
    vi.setSystemTime(now + 181 * day);
    const ended = await fetchAt(link);
    expect([ended.status, await ended.text()]).toEqual([410, expect.stringContaining("ended")]);
  });

  test("is of one device, one package and one end: no part of it may be changed", async () => {
    await upload("tool", await testProduct());
    await upload("other", await testProduct({ version: "9" }));
    const [mac, second] = [await enrolledDevice("mac"), await enrolledDevice("mac")];
    const link = await manifestLink("tool", mac);
    const { asset } = await readManifest(link);
    const [end = "", signature = ""] = link.split("/").slice(7);
    const flipped = `${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`;

    const changed = [
      link.replace("/tool/", "/other/"),
      link.replace(mac.id, second.id),
      link.replace(end, (Number.parseInt(end, 36) + 1).toString(36)),
      link.replace(signature, flipped),
      link.replace(signature, signature.slice(0, 20)),
      link.replace(signature, "-"),
      link.replace("/manifests/", "/files/"),
      asset.url.replace(mac.id, second.id),
      asset.url.replace("/files/", "/manifests/"),
    ];
    for (const url of changed) {
      const { status } = await fetchAt(url);
      expect([403, 404], url).toContain(status);
    }
  });

  test("opens no manifest for a device that is not enrolled any more", async () => {
    await upload("tool", await testProduct());
    const mac = await enrolledDevice("mac");
    const link = await manifestLink("tool", mac);

    await mac.checkOut();

    const refused = await fetchAt(link);
    expect([refused.status, await refused.text()]).toEqual([403, "this device is not enrolled\n"]);
    expect((await objectOf(mac).survey())?.state).toBe("unenrolled");
  });

  test("opens no manifest for a device that nobody has seen, and stores nothing for it", async () => {
    await upload("tool", await testProduct());

    expect((await fetchAt(await manifestLink("tool", { id: "NOBODY" }))).status).toBe(403);
    expect(await objectOf({ id: "NOBODY" }).survey()).toBeUndefined();
  });

  test("is answered by range, by tag, and to HEAD", async () => {
    const file = await testProduct();
    await upload("tool", file);
    const { asset } = await manifestFor("tool", await enrolledDevice("mac"));
    const get = (headers: Record<string, string>, method = "GET") => fetchAt(asset.url, { method, headers });

    const head = await get({}, "HEAD");
    const etag = head.headers.get("ETag") ?? "";
    expect([head.status, await head.text()]).toEqual([200, ""]);
    expect(head.headers.get("Accept-Ranges")).toBe("bytes");
    expect(head.headers.get("Content-Type")).toBe("application/octet-stream");
    const part = await get({ Range: "bytes=10-19" });
    expect(part.status).toBe(206);
    expect(part.headers.get("Content-Range")).toBe(`bytes 10-19/${file.length}`);
    expect(await bytesOf(part)).toEqual(file.slice(10, 20));
    expect(await bytesOf(await get({ Range: "bytes=-5" }))).toEqual(file.slice(-5));
    const rest = await get({ Range: "bytes=100-", "If-Range": etag });
    expect([rest.status, await bytesOf(rest)]).toEqual([206, file.slice(100)]);
    expect((await get({ Range: "bytes=100-", "If-Range": '"other"' })).status).toBe(200);
    expect((await get({ "If-None-Match": etag })).status).toBe(304);
    const behind = await get({ Range: `bytes=${file.length}-` });
    expect([behind.status, behind.headers.get("Content-Range")]).toEqual([416, `bytes */${file.length}`]);
    expect((await fetchAt(asset.url, { method: "PUT", body: "x" })).status).toBe(405);
  });

  test("leads nowhere once the package is deleted", async () => {
    await upload("tool", await testProduct());
    const mac = await enrolledDevice("mac");
    const link = await manifestLink("tool", mac);
    const { asset } = await readManifest(link);

    expect((await ask("DELETE", `${packages}/tool`)).status).toBe(204);

    expect((await fetchAt(link)).status).toBe(404);
    expect((await fetchAt(asset.url)).status).toBe(404);
    expect(await stored()).toEqual([]);
    expect((await ask("DELETE", `${packages}/tool`)).status).toBe(404);
  });
});

test("a package that an app uses is deleted only with a confirmation", async () => {
  await upload("tool", await testProduct());
  await env.DB.prepare(
    `INSERT INTO library_apps (name, version, source, variables, remove_when_unassigned, updates, created_at, updated_at, updated_by)
     VALUES ('office', 1, '{"package":{"name":"tool"}}', '[]', 1, '"always"', 1, 1, 'test')`,
  ).run();

  const refused = await ask("DELETE", `${packages}/tool`);

  expect([refused.status, refused.json.detail]).toEqual([409, expect.stringContaining("office")]);
  expect((await ask("DELETE", `${packages}/tool?confirm=true`)).status).toBe(204);
  await env.DB.prepare("DELETE FROM library_apps").run();
});

test("a file that was marked and not removed is removed by the job, once its bucket is back", async () => {
  await upload("tool", await testProduct());
  await env.DB.batch([
    env.DB.prepare("UPDATE package_files SET remove_at = 1"),
    env.DB.prepare("DELETE FROM packages"),
  ]);
  const rows = () => env.DB.prepare("SELECT count(*) AS n FROM package_files").first<number>("n");

  await withBindings("packages", { PACKAGES: undefined } as unknown as Partial<Env>);
  await run("packages");
  expect([await rows(), (await stored()).length]).toEqual([1, 1]);
  await withBindings("packages", {});
  const report = await run("packages");

  expect(report.counts).toEqual({ files: 1 });
  expect([await rows(), (await stored()).length]).toEqual([0, 0]);
});

describe("without a bucket", () => {
  test("uploads are refused with what to bind, and what works without", async () => {
    const bare = { ...(env as unknown as Env), PACKAGES: undefined } as unknown as Env;
    const put = (path: string, method: string, body: string, type: string) =>
      app.fetch(
        new Request(`${origin}${packages}/${path}`, {
          method,
          headers: { Authorization: `Bearer ${adminToken}`, "Content-Type": type, "Content-Length": "9" },
          body,
        }),
        bare,
        createExecutionContext(),
      );

    const answers = [
      await put("tool", "PUT", "xar!12345", "application/octet-stream"),
      await put("tool/uploads", "POST", '{"kind":"pkg","size":9}', "application/json"),
    ];

    for (const answer of answers) {
      const { type, detail } = (await answer.json()) as { type: string; detail: string };
      expect([answer.status, type]).toEqual([409, "/api/docs#problem-no-bucket"]);
      expect(detail).toContain('binding = "PACKAGES"');
      expect(detail).toContain('{"manifest": {"url":');
    }
  });
});

describe("who may", () => {
  test.each(["viewer", "helpdesk", "operator"] as const)("a %s reads, and uploads nothing", async (role) => {
    await upload("tool", await testProduct());
    const token = await tokenFor(role);
    const file = await testProduct({ version: "6.6.6" });

    expect((await ask("GET", `${packages}/tool`, { token })).status).toBe(200);
    expect((await upload("tool", file, { token })).status).toBe(403);
    expect((await ask("DELETE", `${packages}/tool`, { token })).status).toBe(403);
    const begun = await ask("POST", `${packages}/tool/uploads`, { token, json: { kind: "pkg", size: 9 } });
    expect(begun.status).toBe(403);
  });
});
