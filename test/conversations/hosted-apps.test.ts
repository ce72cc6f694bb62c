import { beforeEach, expect, test } from "vitest";
import { ask } from "../support/admin.ts";
import { type AppleDevice, declarationsOf } from "../support/apple-device.ts";
import { appsLater, assignApps, deviceAt, devicesOf, follow, saveApp } from "../support/apps.ts";
import { settle } from "../support/assignment.ts";
import { give } from "../support/fleet.ts";
import { contentAtFetch } from "../support/licences.ts";
import { testApp } from "../support/package-files/app-archive.ts";
import { testProduct } from "../support/package-files/product.ts";
import { bytesOf, fetchAt, packages, readManifest, upload } from "../support/package-files/uploads.ts";

// Apps whose files this server hosts, on devices that fetch them.

const bundled = "com.example.tool.app";

let library: ReturnType<ReturnType<typeof contentAtFetch>["addLibrary"]>;
beforeEach(() => {
  library = contentAtFetch().addLibrary("Unused");
});

/** It fetches the manifest and the file as an installer does, and says how often. */
function installsOn(device: AppleDevice, identifier?: string): { fetched: string[] } {
  const seen = { fetched: [] as string[] };
  device.state.installer = async (url) => {
    seen.fetched.push(url);
    const { asset, metadata } = await readManifest(url);
    const file = await bytesOf(await fetchAt(asset.url));
    if (file.length !== asset["sha256-size"]) throw new Error("the file is not what the manifest says");
    return {
      identifier: identifier ?? String(metadata["bundle-identifier"]),
      version: String(metadata["bundle-version"]),
    };
  };
  return seen;
}

/** A Mac that has said that it is supervised. */
async function newMac(): Promise<AppleDevice> {
  const mac = await deviceAt(library, "mac", { osVersion: "26.1" });
  await give(mac, "DeviceInformation", { Queries: ["IsSupervised"] });
  await mac.converse();
  await settle(mac);
  return mac;
}

const payloadOf = (device: AppleDevice, name: string) =>
  declarationsOf(device).kept.get(`edgemdm.app.${name}`);

test("a supervised Mac gets a package by a declaration, its newer file too, and loses the declaration", async () => {
  expect((await upload("tool", await testProduct({ version: "1.0" }))).status).toBe(201);
  const mac = await newMac();
  const seen = installsOn(mac);
  expect(await saveApp("tool-app", { source: { package: { name: "tool" } } })).toMatchObject({
    source: { package: { name: "tool" } },
    outcome: "added",
  });
  await assignApps("tool-macs", ["tool-app"], [mac]);
  await follow(undefined, mac);

  const first = payloadOf(mac, "tool-app");
  expect(first).toMatchObject({
    Type: "com.apple.configuration.package",
    Payload: { ManifestURL: seen.fetched[0], InstallBehavior: { Install: "Required" } },
  });
  expect(await devicesOf("tool-app")).toMatchObject([
    { state: "installed", managed_by: "declarations", installed_version: "1.0" },
  ]);

  // Another reconcile gives the same declaration, and nothing is fetched.
  await appsLater(mac);
  await follow(undefined, mac);
  expect(payloadOf(mac, "tool-app")).toEqual(first);
  expect(seen.fetched.length).toBe(1);

  // A newer file: the address stays, and the device looks again.
  expect((await upload("tool", await testProduct({ version: "2.0" }))).status).toBe(200);
  await settle(mac);
  await follow(undefined, mac);
  expect(payloadOf(mac, "tool-app")?.Payload).toEqual(first?.Payload);
  expect(payloadOf(mac, "tool-app")?.ServerToken).not.toBe(first?.ServerToken);
  expect(await devicesOf("tool-app")).toMatchObject([{ state: "installed", installed_version: "2.0" }]);

  // In use, it is not deleted.
  expect(await ask("DELETE", `${packages}/tool`)).toMatchObject({ status: 409 });
  await assignApps("tool-macs", [], [mac]);
  await follow(undefined, mac);
  expect(payloadOf(mac, "tool-app")).toBeUndefined();
  expect(await devicesOf("tool-app")).toEqual([]);
  expect((await ask("DELETE", "/api/v1/apps/tool-app")).status).toBe(204);
  expect((await ask("DELETE", `${packages}/tool`)).status).toBe(204);
});

test("an older Mac gets a package by command, under the name of the app in it, and loses the app", async () => {
  await upload("tool-old", await testProduct());
  const mac = await deviceAt(library, "mac");
  installsOn(mac, bundled);
  await saveApp("tool-command", { source: { package: { name: "tool-old" } } });
  await assignApps("old-macs", ["tool-command"], [mac]);

  expect(await follow(undefined, mac)).toContain("InstallEnterpriseApplication");
  await appsLater(mac);
  await follow(undefined, mac);
  expect(await devicesOf("tool-command")).toMatchObject([
    { state: "installed", managed_by: "commands", bundle_id: bundled, installed_version: "1.2.3" },
  ]);

  await assignApps("old-macs", [], [mac]);
  expect(await follow(undefined, mac)).toContain("RemoveApplication");
  await appsLater(mac);
  await follow(undefined, mac);
  expect(mac.state.apps.has(bundled)).toBe(false);
  expect(await devicesOf("tool-command")).toEqual([]);
});

test.each([
  ["17.5", "commands"],
  ["26.1", "declarations"],
] as const)("an iPhone with iOS %s gets an .ipa by %s, and loses it", async (osVersion, by) => {
  const name = `field-${by}`;
  await upload(name, await testApp());
  const iphone = await deviceAt(library, "iphone", { osVersion });
  const seen = installsOn(iphone);
  await saveApp(name, { source: { package: { name } } });
  await assignApps(name, [name], [iphone]);
  await follow(undefined, iphone);
  await appsLater(iphone);
  await follow(undefined, iphone);

  expect(await devicesOf(name)).toMatchObject([
    { state: "installed", managed_by: by, bundle_id: "com.example.field" },
  ]);
  expect(seen.fetched.length).toBe(1);

  await assignApps(name, [], [iphone]);
  await follow(undefined, iphone);
  await appsLater(iphone);
  await follow(undefined, iphone);
  expect(iphone.state.apps.has("com.example.field")).toBe(false);
  expect(await devicesOf(name)).toEqual([]);
});

test("a file for Macs is not for phones, and the other way round; without its file an app says so", async () => {
  await upload("mac-only", await testProduct());
  await upload("phone-only", await testApp());
  const iphone = await deviceAt(library, "iphone", { osVersion: "26.1" });
  const mac = await newMac();
  await saveApp("mac-only", { source: { package: { name: "mac-only" } } });
  await saveApp("phone-only", { source: { package: { name: "phone-only" } } });
  await assignApps("crossed", ["mac-only", "phone-only"], [iphone, mac]);
  await follow(undefined, iphone, mac);

  expect(await devicesOf("mac-only")).toMatchObject([{ state: "installed" }, { state: "not_applicable" }]);
  expect(await devicesOf("phone-only")).toMatchObject([
    { state: "installed" },
    { state: "not_applicable", reason: "a Mac takes apps of iPhones only from the App Store" },
  ]);

  // What is there stays, also when its file is deleted.
  expect((await ask("DELETE", `${packages}/phone-only?confirm=true`)).status).toBe(204);
  await settle(iphone, mac);
  await follow(undefined, iphone, mac);
  expect(payloadOf(iphone, "phone-only")).toBeDefined();
  expect(
    await ask("PUT", "/api/v1/apps/other", { json: { source: { package: { name: "nothing" } } } }),
  ).toMatchObject({
    status: 400,
    json: { errors: [{ code: "unknown-package", pointer: "/source/package/name" }] },
  });
});
