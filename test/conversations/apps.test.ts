import { expect, test } from "vitest";
import { ask } from "../support/admin.ts";
import { declarationsOf } from "../support/apple-device.ts";
import { assignApps, deviceAt, devicesOf, follow, saveApp, storeApp } from "../support/apps.ts";
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
      installed_version: "1.0",
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
