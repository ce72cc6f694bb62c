import { expect, test } from "vitest";
import { ask } from "../support/admin.ts";
import { declarationsOf } from "../support/apple-device.ts";
import { appsLater, assignApps, deviceAt, devicesOf, follow, saveApp, storeApp } from "../support/apps.ts";
import { settle } from "../support/assignment.ts";
import { contentAtFetch, licencesOf, withLocation } from "../support/licences.ts";

const slack = "618783545";

test("a store app comes to a new iPhone by a declaration, after its licence, and goes before it", async () => {
  const apple = contentAtFetch();
  const library = apple.addLibrary("Berlin");
  library.buy(slack, 10);
  const location = await withLocation(library);
  const iphone = await deviceAt(library, "iphone", { osVersion: "26.1" });
  const { hardware } = iphone;

  expect(await saveApp("slack", { source: storeApp(slack, location) })).toMatchObject({
    outcome: "added",
    bundle_id: `com.example.app${slack}`,
    warnings: [{ code: "nobody" }],
  });
  await assignApps("sales", ["slack"], [iphone]);

  expect(await devicesOf("slack")).toMatchObject([{ state: "waiting_for_licence", managed_by: null }]);
  expect(declarationsOf(iphone).kept.has("edgemdm.app.slack")).toBe(false);
  expect(await licencesOf(location)).toMatchObject([
    { serial_number: hardware.serialNumber, state: "wanted", wanted_by: "app:slack" },
  ]);

  await follow(location, iphone);

  expect(library.holders(slack)).toEqual([hardware.serialNumber]);
  expect(declarationsOf(iphone).kept.get("edgemdm.app.slack")?.Payload).toEqual({
    AppStoreID: slack,
    InstallBehavior: { Install: "Required", License: { Assignment: "Device" } },
    UpdateBehavior: { AutomaticAppUpdates: "AlwaysOn" },
  });
  expect(await devicesOf("slack")).toMatchObject([
    {
      state: "installed",
      reason: null,
      managed_by: "declarations",
      bundle_id: `com.example.app${slack}`,
      installed_version: "1.2",
    },
  ]);
  expect((await ask("GET", "/api/v1/apps/slack")).json).toMatchObject({
    sets: ["sales"],
    counts: { installed: 1, failed: 0 },
  });

  await assignApps("sales", [], [iphone]);
  expect(library.holders(slack)).toEqual([hardware.serialNumber]);
  expect(await devicesOf("slack")).toMatchObject([{ state: "removing" }]);
  await follow(location, iphone);

  expect(iphone.state.apps.has(`com.example.app${slack}`)).toBe(false);
  expect(await devicesOf("slack")).toEqual([]);
  expect(library.holders(slack)).toEqual([]);
  expect(await licencesOf(location)).toEqual([]);
});

test("an older iPad gets it by commands, tells by its lists what became of it, and gives the licence back at last", async () => {
  const apple = contentAtFetch();
  apple.knobs.notifications = "lost";
  const library = apple.addLibrary("Hamburg");
  library.buy(slack, 10);
  const location = await withLocation(library);
  const ipad = await deviceAt(library, "ipad");
  ipad.state.slowDownloads = true;
  await saveApp("slack-ipad", {
    source: storeApp(slack, location),
    configuration: { team: "example", serial: "{{device.serial_number}}" },
  });
  await assignApps("tablets", ["slack-ipad"], [ipad]);

  expect(await follow(location, ipad)).toContain("InstallApplication");
  expect(await devicesOf("slack-ipad")).toMatchObject([{ state: "installing", managed_by: "commands" }]);
  await appsLater(ipad);
  await follow(location, ipad);
  await appsLater(ipad);
  await follow(location, ipad);

  expect(await devicesOf("slack-ipad")).toMatchObject([
    {
      state: "installed",
      managed_by: "commands",
      bundle_id: `com.example.app${slack}`,
      installed_version: "1.2",
    },
  ]);
  expect((await ask("GET", `/api/v1/devices/${ipad.id}/apps`)).json.items).toContainEqual(
    expect.objectContaining({
      identifier: `com.example.app${slack}`,
      library_app: { name: "slack-ipad", state: "installed", reason: null },
    }),
  );
  const { configuration } = ipad.state.apps.get(`com.example.app${slack}`) ?? {};
  expect(configuration?.get("serial")).toBe(ipad.hardware.serialNumber);

  await assignApps("tablets", [], [ipad]);
  expect(await follow(undefined, ipad)).toContain("RemoveApplication");
  expect(library.holders(slack)).toEqual([ipad.hardware.serialNumber]);
  await appsLater(ipad);
  await follow(location, ipad);

  expect(await devicesOf("slack-ipad")).toEqual([]);
  expect(library.holders(slack)).toEqual([]);
});

test("where licences are missing the device waits in words, and goes on when more are bought", async () => {
  const apple = contentAtFetch();
  const library = apple.addLibrary("Bremen");
  library.buy(slack, 0);
  const location = await withLocation(library);
  const iphone = await deviceAt(library, "iphone", { osVersion: "26.1" });
  await saveApp("slack-few", { source: storeApp(slack, location) });
  await assignApps("few", ["slack-few"], [iphone]);
  await follow(location, iphone);
  expect(await devicesOf("slack-few")).toMatchObject([
    { state: "waiting_for_licence", reason: "there are not enough licences: buy more, or free some" },
  ]);

  await apple.buyMore(library, slack, 1);
  await follow(location, iphone);

  expect(await devicesOf("slack-few")).toMatchObject([{ state: "installed" }]);
});

test("a device whose App Store is switched off says so, and gets the app when that is over", async () => {
  const apple = contentAtFetch();
  const library = apple.addLibrary("Kiel");
  library.buy(slack, 5);
  const location = await withLocation(library);
  const ipad = await deviceAt(library, "ipad");
  ipad.state.rejectsApps = "AppStoreDisabled";
  await saveApp("slack-off", { source: storeApp(slack, location) });
  await assignApps("off", ["slack-off"], [ipad]);
  await follow(location, ipad);
  expect(await devicesOf("slack-off")).toMatchObject([
    { state: "failed", reason: expect.stringContaining("App Store is switched off") },
  ]);

  ipad.state.rejectsApps = undefined;
  await appsLater(ipad);
  await follow(location, ipad);
  await appsLater(ipad);
  await follow(location, ipad);

  expect(await devicesOf("slack-off")).toMatchObject([{ state: "installed", reason: null }]);
});

test("a Mac gets the app of a manifest by command, and loses it again", async () => {
  const apple = contentAtFetch();
  const library = apple.addLibrary("Lübeck");
  const mac = await deviceAt(library, "mac");
  const url = "https://apps.example.com/agent.plist";
  await saveApp("agent", { source: { manifest: { url, bundle_id: "com.example.enterprise" } } });
  await assignApps("macs", ["agent"], [mac]);
  expect(await follow(undefined, mac)).toContain("InstallEnterpriseApplication");
  await appsLater(mac);
  await follow(undefined, mac);
  expect(await devicesOf("agent")).toMatchObject([{ state: "installed", managed_by: "commands" }]);

  await assignApps("macs", [], [mac]);
  await follow(undefined, mac);
  await appsLater(mac);
  await follow(undefined, mac);

  expect(await devicesOf("agent")).toEqual([]);
  expect(mac.state.apps.has("com.example.enterprise")).toBe(false);
});

test("a Mac that has not said whether it is supervised waits, and then gets the app by its declaration", async () => {
  const apple = contentAtFetch();
  const mac = await deviceAt(apple.addLibrary("Kiel"), "mac", { osVersion: "26.1" });
  const url = "https://apps.example.com/agent.plist";
  await saveApp("agent-declared", { source: { manifest: { url, bundle_id: "com.example.enterprise" } } });
  await assignApps("supervised-macs", ["agent-declared"], [mac]);
  expect(await devicesOf("agent-declared")).toMatchObject([
    { state: "pending", reason: expect.stringContaining("whether it is supervised"), managed_by: null },
  ]);

  const commands = await follow(undefined, mac);

  expect(commands).toContain("DeviceInformation");
  expect(commands).not.toContain("InstallEnterpriseApplication");
  expect(await devicesOf("agent-declared")).toMatchObject([{ managed_by: "declarations" }]);
});

test("an app of iPhones in a set with a Mac takes no licence for it, until its owner says that Macs get it too", async () => {
  const apple = contentAtFetch();
  const library = apple.addLibrary("Wismar");
  library.buy(slack, 10);
  const location = await withLocation(library);
  const iphone = await deviceAt(library, "iphone", { osVersion: "26.1" });
  const mac = await deviceAt(library, "mac");
  const serials = [iphone, mac].map(({ hardware }) => hardware.serialNumber);
  await saveApp("slack-all", { source: storeApp(slack, location) });
  await assignApps("everyone", ["slack-all"], [iphone, mac]);
  const why =
    "the app is for iPhone and iPad, and this is a Mac: name macos in its platforms if it is to go to Macs too";
  const warning = { code: "not-for-platform", detail: `slack-all does not go to macos: ${why}` };

  expect((await ask("PUT", "/api/v1/sets/everyone", { json: { apps: ["slack-all"] } })).json).toMatchObject({
    warnings: [warning],
  });
  expect((await ask("GET", `/api/v1/devices/${mac.id}/sets`)).json.warnings).toEqual([warning]);
  expect((await ask("GET", `/api/v1/devices/${iphone.id}/sets`)).json.warnings).toEqual([]);
  expect(await follow(location, iphone, mac)).not.toContain("InstallApplication");

  expect(await devicesOf("slack-all")).toMatchObject([
    { device_id: iphone.id, state: "installed" },
    { device_id: mac.id, state: "not_applicable", reason: why, managed_by: null },
  ]);
  expect(library.holders(slack)).toEqual([serials[0]]);
  expect((await licencesOf(location)).map(({ serial_number }) => serial_number)).toEqual([serials[0]]);

  const source = { store: { ...storeApp(slack, location).store, platforms: ["ios", "macos"] } };
  expect(await saveApp("slack-all", { source })).toMatchObject({ outcome: "changed", source, warnings: [] });
  await settle(iphone, mac);
  expect(await follow(location, iphone, mac)).toContain("InstallApplication");
  await appsLater(mac);
  await follow(location, iphone, mac);

  expect([...library.holders(slack)].sort()).toEqual([...serials].sort());
  expect(await devicesOf("slack-all")).toMatchObject([
    { device_id: iphone.id, state: "installed" },
    { device_id: mac.id, state: "installed" },
  ]);
});

test("what cannot be is refused in place, and what a set has is not deleted", async () => {
  const apple = contentAtFetch();
  const library = apple.addLibrary("Rostock");
  library.buy(slack, 5);
  const location = await withLocation(library);
  const put = (name: string, json: Record<string, unknown>) => ask("PUT", `/api/v1/apps/${name}`, { json });

  expect(await put("nowhere", { source: storeApp(slack, "nowhere") })).toMatchObject({
    status: 400,
    json: { errors: [{ code: "unknown-location", pointer: "/source/store/location" }] },
  });
  expect(await put("unknown", { source: storeApp("1", location) })).toMatchObject({
    status: 400,
    json: { errors: [{ code: "unknown-asset", pointer: "/source/store/adam_id" }] },
  });
  const variable = { source: storeApp(slack, location), configuration: { a: "{{device.colour}}" } };
  expect(await put("variable", variable)).toMatchObject({
    status: 400,
    json: { errors: [{ code: "unknown-variable", pointer: "/configuration" }] },
  });

  await saveApp("kept", { source: storeApp(slack, location), configuration: { password: "secret" } });
  expect(await saveApp("kept", { source: storeApp(slack, location) })).toMatchObject({
    outcome: "unchanged",
  });
  const url = "https://apps.example.com/a.plist";
  expect((await put("kept", { source: { manifest: { url } } })).status).toBe(409);
  await assignApps("keeping", ["kept"]);
  expect(await ask("DELETE", "/api/v1/apps/kept")).toMatchObject({
    status: 409,
    json: { sets: ["keeping"] },
  });
  await assignApps("keeping", []);
  expect((await ask("DELETE", "/api/v1/apps/kept")).status).toBe(204);
});
