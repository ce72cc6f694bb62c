import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { openDb } from "../../../src/db/open.ts";
import { emptyTally, type FleetTally, keepSummary, tallyPage } from "../../../src/db/summary.ts";
import { ask } from "../../support/admin.ts";
import { insertRows, seededRows } from "../../support/seeded-fleet.ts";

const now = Date.now();
const day = 86_400_000;
const fleet = seededRows(0, 300, now);
const enrolled = fleet.devices.filter(({ state }) => state === "enrolled");
const among = (passes: (row: (typeof enrolled)[number]) => boolean) => enrolled.filter(passes).length;

beforeAll(async () => {
  for (const [table, rows] of Object.entries(fleet)) await insertRows(env.DB, table, rows);
  await insertRows(env.DB, "profile_states", [
    {
      device_id: enrolled[0]?.id ?? "",
      user_id: "",
      identifier: "p",
      state: "failed",
      seq: 1,
      updated_at: 1,
    },
    {
      device_id: enrolled[1]?.id ?? "",
      user_id: "",
      identifier: "p",
      state: "installed",
      seq: 1,
      updated_at: 1,
    },
  ]);
});

test("the summary of a small fleet is counted at once", async () => {
  const { status, json, text } = await ask("GET", "/api/v1/summary");

  expect(status, text).toBe(200);
  expect(json.complete).toBe(true);
  expect(json.devices.enrolled).toBe(enrolled.length);
  expect(json.devices.unenrolled).toBe(fleet.devices.filter(({ state }) => state === "unenrolled").length);
  expect(json.enrolled.platforms.macos).toBe(among(({ platform }) => platform === "macos"));
  const [most] = json.enrolled.systems;
  expect(most.devices).toBe(
    among(({ platform, os_version }) => platform === most.platform && os_version === most.os_version),
  );
  expect(json.enrolled.silent.days_30).toBe(
    among(({ last_seen_at }) => Number(last_seen_at ?? 0) < now - 30 * day),
  );
  expect(json.enrolled.failed).toBe(1);
  expect(json.push).toEqual({ certificates: 0, expired: 0, next_expiry_at: null });
});

test("a large fleet is counted in pages, to the same numbers", async () => {
  const db = openDb(env.DB);
  const whole = await tallyPage(db, emptyTally(), "", now, 1_000);
  let tally: FleetTally = emptyTally();
  let pages = 0;
  for (let after: string | undefined = ""; after !== undefined; pages++) {
    const page: Awaited<ReturnType<typeof tallyPage>> = await tallyPage(db, tally, after, now, 70);
    ({ tally, last: after } = page);
  }

  expect(pages).toBe(5);
  expect(tally).toEqual(whole.tally);
});

test("what the job counted of a large fleet is answered, with its time", async () => {
  await insertRows(
    env.DB,
    "devices",
    Array.from({ length: 2_000 }, (_, number) => ({
      id: `MANY-${number}`,
      state: "pending",
      kind: "device",
      created_at: 1,
    })),
  );
  const before = await ask("GET", "/api/v1/summary");
  await keepSummary(openDb(env.DB), { ...emptyTally(), states: { enrolled: 99_999 } }, now);
  const after = await ask("GET", "/api/v1/summary");

  expect([before.json.as_of, before.json.complete]).toEqual([null, false]);
  expect([after.json.as_of, after.json.complete]).toEqual([new Date(now).toISOString(), true]);
  expect(after.json.devices.enrolled).toBe(99_999);
});
