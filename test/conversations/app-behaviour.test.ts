import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { day } from "../../src/base/time.ts";
import { ask } from "../support/admin.ts";
import { declarationsOf } from "../support/apple-device.ts";
import { appsLater, assignApps, deviceAt, devicesOf, follow, saveApp, storeApp } from "../support/apps.ts";
import { settle } from "../support/assignment.ts";
import type { FakeAsset } from "../support/fake-content/library.ts";
import { alarmOf, give } from "../support/fleet.ts";
import { awakened, contentAtFetch, licencesOf, withLocation } from "../support/licences.ts";
import { testProduct } from "../support/package-files/product.ts";
import { fetchAt, upload } from "../support/package-files/uploads.ts";

// Whose licence it is, when an app is updated, and how long what a device was told stays valid.

afterEach(() => void vi.useRealTimers());

/** There is a newer version in the store, and the server has read of it. */
async function newerVersion(asset: FakeAsset, location: string): Promise<void> {
  asset.store.externalId += 1;
  await env.DB.prepare("UPDATE store_items SET due_at = 0 WHERE adam_id = ?").bind(asset.adamId).run();
  await awakened(location);
}

test("an app that Apple licenses to people alone goes by the licence of the device's owner, and goes with it", async () => {
  const adamId = "702000001";
  const library = contentAtFetch().addLibrary("People");
  library.buy(adamId, 5, { deviceAssignable: false });
  const location = await withLocation(library);
  const iphone = await deviceAt(library, "iphone", { osVersion: "26.1" });
  await saveApp("for-people", { source: storeApp(adamId, location) });
  await assignApps("people", ["for-people"], [iphone]);
  await follow(location, iphone);
  expect(await devicesOf("for-people")).toMatchObject([
    { state: "failed", reason: expect.stringContaining("belongs to nobody with a Managed Apple Account") },
  ]);

  const person = await ask("POST", "/api/v1/people", { json: { account: "ada@school.example.com" } });
  await ask("PATCH", `/api/v1/devices/${iphone.id}`, { json: { person_id: person.json.id } });
  await follow(location, iphone);
  await follow(location, iphone);

  expect(library.holders(adamId)).toEqual([person.json.id]);
  expect(await licencesOf(location)).toMatchObject([
    { client_user_id: person.json.id, serial_number: null, state: "held", wanted_by: "app:for-people" },
  ]);
  expect(declarationsOf(iphone).kept.get("edgemdm.app.for-people")?.Payload).toMatchObject({
    InstallBehavior: { License: { Assignment: "User" } },
  });
  expect(await devicesOf("for-people")).toMatchObject([{ state: "installed" }]);

  await assignApps("people", [], [iphone]);
  await follow(location, iphone);
  await follow(location, iphone);
  expect(library.holders(adamId)).toEqual([]);
  expect(await devicesOf("for-people")).toEqual([]);
});

test("an update waits for the window by the clock of the device, and comes in it", async () => {
  const adamId = "702000002";
  const apple = contentAtFetch();
  const library = apple.addLibrary("Nights");
  const asset = library.buy(adamId, 5);
  const location = await withLocation(library);
  const ipad = await deviceAt(library, "ipad");
  ipad.state.timeZone = "Asia/Tokyo";
  await give(ipad, "DeviceInformation", { Queries: ["TimeZone"] });
  await ipad.converse();
  // Noon at Greenwich is 21:00 in Tokyo.
  const noon = Math.ceil(Date.now() / day) * day + day / 2;
  const behaviour = { updates: { from: "22:00", until: "23:00" } };
  vi.setSystemTime(noon);
  await saveApp("nightly", { source: storeApp(adamId, location), behaviour });
  await assignApps("nights", ["nightly"], [ipad]);
  await follow(location, ipad);
  await appsLater(ipad);
  await follow(location, ipad);
  expect(await devicesOf("nightly")).toMatchObject([{ state: "installed" }]);

  await newerVersion(asset, location);
  await appsLater(ipad);
  expect(await follow(location, ipad)).not.toContain("InstallApplication");

  vi.setSystemTime(noon + 1.5 * 60 * 60 * 1000);
  await appsLater(ipad);
  expect(await follow(location, ipad)).toContain("InstallApplication");
  expect(ipad.state.apps.get(asset.store.bundleId)?.externalVersion).toBe(asset.store.externalId);
});

test("a pinned version is declared as it is, and stays when the store has a newer one", async () => {
  const adamId = "702000003";
  const library = contentAtFetch().addLibrary("Pinned");
  const asset = library.buy(adamId, 5);
  const pinned = asset.store.externalId;
  const location = await withLocation(library);
  const iphone = await deviceAt(library, "iphone", { osVersion: "26.1" });
  const old = await deviceAt(library, "ipad");
  const behaviour = { pinned_version: pinned };
  await saveApp("pinned", { source: storeApp(adamId, location), behaviour });
  await assignApps("pinned", ["pinned"], [iphone, old]);
  await follow(location, iphone, old);
  await appsLater(old);
  await follow(location, iphone, old);
  const declared = declarationsOf(iphone).kept.get("edgemdm.app.pinned");
  expect(declared?.Payload).toMatchObject({ InstallBehavior: { Version: pinned } });
  expect(await devicesOf("pinned")).toMatchObject([{ state: "installed" }, { state: "installed" }]);

  await newerVersion(asset, location);
  await appsLater(iphone, old);
  expect(await follow(location, iphone, old)).not.toContain("InstallApplication");
  expect(declarationsOf(iphone).kept.get("edgemdm.app.pinned")).toEqual(declared);
});

test("for half a year a Mac that does not install has a link that works, though each one ends", async () => {
  await upload("patient", await testProduct());
  const mac = await deviceAt(contentAtFetch().addLibrary("Unused"), "mac", { osVersion: "26.1" });
  await give(mac, "DeviceInformation", { Queries: ["IsSupervised"] });
  await mac.converse();
  await settle(mac);
  mac.state.installer = () => Promise.reject(new Error("the Mac has no room"));
  await saveApp("patient", { source: { package: { name: "patient" } } });
  await assignApps("patient", ["patient"], [mac]);
  await follow(undefined, mac);
  const link = () => String(declarationsOf(mac).kept.get("edgemdm.app.patient")?.Payload.ManifestURL);
  const first = link();
  const links = new Set([first]);

  const begun = Date.now();
  for (const days of [31, 62, 93, 124, 155, 186]) {
    vi.setSystemTime(begun + days * day);
    await alarmOf(mac);
    await settle(mac);
    await mac.converse();
    links.add(link());
    expect([days, (await fetchAt(link())).status]).toEqual([days, 200]);
  }

  expect(links.size).toBeGreaterThan(1);
  expect((await fetchAt(first)).status).toBe(410);
});
