import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { ask } from "../support/admin.ts";
import type { FakeContentService } from "../support/fake-content/service.ts";
import {
  assetsOf,
  awakened,
  contentAtFetch,
  licencesOf,
  listsLater,
  locationSettled,
  locations,
  ordersLater,
  withLocation,
} from "../support/licences.ts";

const slack = "618783545";

/** A location with these licences, given by this server; Apple tells nothing by itself. */
async function locationWith(apple: FakeContentService, serials: string[]) {
  apple.knobs.notifications = "lost";
  const library = apple.addLibrary("Berlin");
  library.buy(slack, 10);
  const name = await withLocation(library);
  const json = { assets: [{ adam_id: slack }], serial_numbers: serials };
  await ask("POST", `${locations}/${name}/licences`, { json });
  await locationSettled(name);
  await ordersLater(name);
  await listsLater(name, "assignments_due_at", "users_due_at", "full_due_at");
  expect(library.holders(slack)).toEqual(serials);
  return { library, name };
}

const statesOf = async (name: string) =>
  (await licencesOf(name)).map(({ serial_number, state }) => `${serial_number} ${state}`);

/** How often the list of all assignments was read, and not only its changes. */
const wholeLists = (apple: FakeContentService) =>
  apple.requests.filter(
    ({ path, search }) => path === "/mdm/v2/assignments" && !search.includes("sinceVersionId"),
  ).length;

test("a licence that Apple lost without a word is missed at night, and ordered again", async () => {
  const apple = contentAtFetch();
  const { library, name } = await locationWith(apple, ["SERIAL01", "SERIAL02"]);
  library.lose(slack, "SERIAL02");

  await listsLater(name, "assignments_due_at");
  expect(library.holders(slack)).toEqual(["SERIAL01"]);

  await listsLater(name, "assets_due_at");
  await ordersLater(name);
  expect(library.holders(slack)).toEqual(["SERIAL01", "SERIAL02"]);
  expect(await statesOf(name)).toEqual(["SERIAL01 held", "SERIAL02 held"]);
});

test("a licence that nobody ordered is found at night, shown as nobody's wish, and can be given back", async () => {
  const apple = contentAtFetch();
  const { library, name } = await locationWith(apple, ["SERIAL01"]);
  library.assign(slack, "STRANGER");

  await listsLater(name, "assets_due_at");
  expect(await licencesOf(name, "&serial_number=STRANGER")).toMatchObject([
    { state: "held", wanted_by: null },
  ]);

  const json = { assets: [{ adam_id: slack }], serial_numbers: ["STRANGER"] };
  await ask("POST", `${locations}/${name}/licences/free`, { json });
  await awakened(name);
  await ordersLater(name);
  expect(library.holders(slack)).toEqual(["SERIAL01"]);
});

test("counts that fit no assignment take nothing from anybody, and cost one whole list a night", async () => {
  const apple = contentAtFetch();
  const { library, name } = await locationWith(apple, ["SERIAL01"]);
  library.wrongCounts.set(slack, { assignedCount: 7, availableCount: 3 });
  const before = wholeLists(apple);

  await listsLater(name, "assets_due_at");
  await awakened(name);

  expect(wholeLists(apple)).toBe(before + 1);
  expect(await assetsOf(name)).toMatchObject([{ total: 10, assigned: 7, available: 3 }]);
  expect(await statesOf(name)).toEqual(["SERIAL01 held"]);
  expect(apple.count("assets/associate")).toBe(1);
  expect(apple.count("assets/disassociate")).toBe(0);
});

test("counts that fit read no whole list", async () => {
  const apple = contentAtFetch();
  const { name } = await locationWith(apple, ["SERIAL01"]);
  const before = wholeLists(apple);

  await listsLater(name, "assets_due_at");

  expect(wholeLists(apple)).toBe(before);
});

test("what the store says of an app is asked for once a day", async () => {
  const apple = contentAtFetch();
  const lookups = () => apple.requests.filter(({ path }) => path.endsWith("/wa/lookup")).length;
  const library = apple.addLibrary("Berlin");
  library.buy("900100200", 5);
  const name = await withLocation(library);
  expect(lookups()).toBe(1);

  await listsLater(name, "assets_due_at", "assignments_due_at", "users_due_at", "full_due_at");
  await awakened(name);
  expect(lookups()).toBe(1);

  const ofApp = "FROM store_items WHERE adam_id = '900100200'";
  const row = await env.DB.prepare(`SELECT due_at - fetched_at AS kept ${ofApp}`).first();
  expect(row).toEqual({ kept: 24 * 60 * 60 * 1000 });
  await env.DB.prepare("UPDATE store_items SET due_at = 0 WHERE adam_id = '900100200'").run();
  await awakened(name);
  expect(lookups()).toBe(2);
});
