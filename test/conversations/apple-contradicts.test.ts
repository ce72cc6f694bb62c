import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { ask } from "../support/admin.ts";
import { assignApps, deviceAt, devicesOf, follow, saveApp, storeApp } from "../support/apps.ts";
import { run } from "../support/jobs.ts";
import {
  awakened,
  contentAtFetch,
  licencesOf,
  listsLater,
  locationSettled,
  locations,
  ordersLater,
  withLocation,
} from "../support/licences.ts";

// Apple's counts contradict its lists, and devices report another app than the store names.

const hour = 60 * 60 * 1000;

const problemsOf = async (code: string) => (await ask("GET", `/api/v1/problems?code=${code}`)).json.items;

/** The assets are read again, as every night, and what follows from it. */
async function nightPasses(location: string): Promise<void> {
  await env.DB.prepare("UPDATE content_assets SET differs_since = differs_since - ? WHERE location = ?")
    .bind(26 * hour, location)
    .run();
  await listsLater(location, "assets_due_at");
  await awakened(location);
  await run("problems");
}

test("counts that contradict the list two nights long are a problem with a remedy, and nothing is taken from anybody", async () => {
  const adamId = "701000001";
  const apple = contentAtFetch();
  apple.knobs.notifications = "lost";
  const library = apple.addLibrary("Contradicted");
  library.buy(adamId, 10);
  const location = await withLocation(library);
  const json = { assets: [{ adam_id: adamId }], serial_numbers: ["SERIAL01", "SERIAL02"] };
  await ask("POST", `${locations}/${location}/licences`, { json });
  await locationSettled(location);
  await ordersLater(location);
  await nightPasses(location);
  await nightPasses(location);
  expect(await problemsOf("licence-counts-differ")).toEqual([]);

  library.wrongCounts.set(adamId, { assignedCount: 7, availableCount: 3 });
  await listsLater(location, "assets_due_at");
  await awakened(location);
  await run("problems");
  // Licences may have come and gone between the two lists: one night proves nothing.
  expect(await problemsOf("licence-counts-differ")).toEqual([]);
  await nightPasses(location);

  expect(await problemsOf("licence-counts-differ")).toMatchObject([
    {
      urgency: "notice",
      title: `Apple counts 7 licences of App ${adamId} in ${location} as taken, and lists 2`,
      what_to_do: expect.stringContaining(`/locations/${location}/sync`),
    },
  ]);
  expect((await licencesOf(location)).map(({ state }) => state)).toEqual(["held", "held"]);
  expect(apple.count("assets/disassociate")).toBe(0);

  library.wrongCounts.clear();
  await nightPasses(location);
  expect(await problemsOf("licence-counts-differ")).toEqual([]);
});

test("an app that devices report under another bundle id than the store's is a problem until the store says the same", async () => {
  const adamId = "701000002";
  const apple = contentAtFetch();
  const library = apple.addLibrary("Misnamed");
  const asset = library.buy(adamId, 5);
  const location = await withLocation(library);
  await saveApp("misnamed", { source: storeApp(adamId, location) });
  asset.store.bundleId = "com.example.renamed";
  const iphone = await deviceAt(library, "iphone", { osVersion: "26.1" });
  await assignApps("misnamed", ["misnamed"], [iphone]);
  await follow(location, iphone);
  expect(await devicesOf("misnamed")).toMatchObject([
    { state: "installed", bundle_id: "com.example.renamed" },
  ]);

  await run("fleet-problems");
  expect(await problemsOf("app-bundle-id-differs")).toMatchObject([
    {
      devices: 1,
      urgency: "notice",
      facts: { app: "misnamed", expected: `com.example.app${adamId}`, told: "com.example.renamed" },
      what_to_do: expect.stringContaining("write com.example.renamed"),
    },
  ]);

  // What the store says is a day old, and asked for again.
  await env.DB.prepare("UPDATE store_items SET due_at = 0 WHERE adam_id = ?").bind(adamId).run();
  await awakened(location);
  await run("fleet-problems");
  expect(await problemsOf("app-bundle-id-differs")).toEqual([]);
});
