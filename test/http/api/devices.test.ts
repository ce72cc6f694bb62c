import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import type { DeviceFilters } from "../../../src/db/device-filters.ts";
import { type DevicePlace, isPlaceIn, leadOf, listDevices } from "../../../src/db/device-list.ts";
import { openDb } from "../../../src/db/open.ts";
import { ask, tokenFor } from "../../support/admin.ts";
import { alarmOf, enrolledDevice, give, objectOf } from "../../support/fleet.ts";
import { planOf, recordingDatabase } from "../../support/recording-database.ts";
import { insertRows, seededRows } from "../../support/seeded-fleet.ts";

const now = Date.UTC(2026, 10, 1);
const fleet = seededRows(0, 400, now);
const at = (ms: number) => new Date(ms).toISOString();
const day = 86_400_000;

beforeAll(async () => {
  for (const [table, rows] of Object.entries(fleet)) await insertRows(env.DB, table, rows);
  await insertRows(env.DB, "channel_sets", setRows);
  await insertRows(env.DB, "device_apps", appRows);
  for (const [table, rows] of Object.entries(failureRows)) await insertRows(env.DB, table, rows);
});

const idsWhere = (passes: (row: (typeof fleet.devices)[number]) => boolean) =>
  fleet.devices.filter(passes).map(({ id }) => id as string);

const wordsByDevice = Map.groupBy(fleet.device_words, ({ device_id }) => device_id as string);
const idsFoundBy = (...beginnings: string[]) =>
  idsWhere(({ id }) =>
    beginnings.every((beginning) =>
      wordsByDevice.get(id as string)?.some(({ word }) => String(word).startsWith(beginning)),
    ),
  );

/** Walks the list to its end; every id as often as it was listed. */
async function walk(queryString: string, limit = 37): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const more: string = cursor === "" ? "" : `&cursor=${cursor}`;
    const { status, json, text } = await ask("GET", `/api/v1/devices?limit=${limit}&${queryString}${more}`);
    expect(status, text).toBe(200);
    ids.push(...json.items.map(({ id }: { id: string }) => id));
    cursor = json.next_cursor;
  }
  return ids;
}

const placeIn = (filters: DeviceFilters): DevicePlace =>
  [["x"], ["x", "x"]]
    .map((key): DevicePlace => [leadOf(filters).name, ...key])
    .find((place) => isPlaceIn(filters, place)) as DevicePlace;

const [mac] = fleet.channels.filter(({ user_short_name }) => user_short_name !== null);
const [tagged] = fleet.device_tags;
const [sample] = fleet.devices;

const withSet = fleet.devices.slice(0, 80).map(({ id }) => String(id));
const withApp = idsWhere(({ state }) => state === "enrolled").slice(0, 60);

/** Some have the set for two reasons, and one of their users has it as well. */
const setRows = withSet.flatMap((device_id, index) => {
  const given = { device_id, user_id: "", set_name: "phones", source: "given" };
  const more = [
    { ...given, source: "rule" },
    { ...given, user_id: "USER-1", source: "rule" },
  ];
  return [given, ...(index % 3 === 0 ? more : [])];
});

const appRows = withApp.map((device_id, index) => ({
  device_id,
  identifier: "com.example.notes",
  version: `1.${index % 4}`,
}));

/** Each of them has something that is as it should be, too; the first one has failed at two things. */
const failedAt = {
  profile: fleet.devices.slice(0, 50).map(({ id }) => String(id)),
  declaration: fleet.devices.slice(40, 70).map(({ id }) => String(id)),
  app: [0, 90, 91].map((index) => String(fleet.devices[index]?.id)),
};
const seq = 1;
const failureRows = {
  profile_states: failedAt.profile.flatMap((device_id, index) => {
    const row = { device_id, user_id: index % 2 ? "USER-1" : "", seq, updated_at: 1 };
    return [
      { ...row, identifier: "a.good", state: "installed" },
      { ...row, identifier: index < 10 ? "b.wifi" : "c.vpn", state: "failed" },
    ];
  }),
  declaration_states: failedAt.declaration.flatMap((device_id) => {
    const row = { device_id, user_id: "", reasons: "[]", server_token: "t", seq, updated_at: 1 };
    return [
      { ...row, identifier: "a.good", state: "active" },
      { ...row, identifier: "b.passcode", state: "invalid" },
    ];
  }),
  app_states: [
    ...failedAt.app.map((device_id) => ({
      ...{ device_id, name: "notes:2", state: "failed", since: 1, version: 1, seq },
    })),
    {
      ...{ device_id: String(fleet.devices[95]?.id), name: "notes:2", state: "installed" },
      ...{ since: 1, version: 1, seq },
    },
  ],
};
const everyFailure = [...new Set(Object.values(failedAt).flat())];

describe("the list of devices", () => {
  const cases: [string, string, () => string[]][] = [
    ["without a filter", "", () => idsWhere(() => true)],
    ["by state", "state=enrolled", () => idsWhere(({ state }) => state === "enrolled")],
    ["by a rarer state", "state=unenrolled", () => idsWhere(({ state }) => state === "unenrolled")],
    ["by kind", "kind=ade", () => idsWhere(({ kind }) => kind === "ade")],
    ["by platform", "platform=ipados", () => idsWhere(({ platform }) => platform === "ipados")],
    ["by OS version", "os=17.6.1", () => idsWhere(({ os_version }) => os_version === "17.6.1")],
    [
      "from a version up to another",
      "os_min=14&os_max=17.6.1",
      () => idsWhere(({ os_key }) => Number(os_key) >= 14_000_000 && Number(os_key) <= 17_006_001),
    ],
    [
      "by platform and version",
      "platform=ios&os_min=18",
      () => idsWhere(({ platform, os_key }) => platform === "ios" && Number(os_key) >= 18_000_000),
    ],
    ["by serial number", `serial=${sample?.serial}`, () => [String(sample?.id)]],
    ["by user", `user=${mac?.user_short_name}`, () => [String(mac?.device_id)]],
    [
      "by tag",
      `tag=${tagged?.tag}`,
      () =>
        fleet.device_tags.filter(({ tag }) => tag === tagged?.tag).map(({ device_id }) => String(device_id)),
    ],
    ["by set, however often it has the set", "set=phones", () => withSet],
    ["by app", "app=com.example.notes&state=enrolled", () => withApp],
    ["by anything that failed, however often", "failed=anything", () => everyFailure],
    ["by a profile that failed", "failed=profile:b.wifi", () => failedAt.profile.slice(0, 10)],
    ["by a declaration that failed", "failed=declaration:b.passcode", () => failedAt.declaration],
    ["by an app that failed, with a colon in its name", "failed=app:notes:2", () => failedAt.app],
    [
      "by what failed and by a set",
      "failed=anything&set=phones",
      () => everyFailure.filter((id) => withSet.includes(id)),
    ],
    [
      "by what failed and by a tag, which leads",
      `failed=anything&tag=${tagged?.tag}`,
      () =>
        fleet.device_tags
          .filter(({ tag, device_id }) => tag === tagged?.tag && everyFailure.includes(String(device_id)))
          .map(({ device_id }) => String(device_id)),
    ],
    [
      "not seen since",
      `seen_before=${at(now - 30 * day)}`,
      () => idsWhere(({ last_seen_at }) => last_seen_at !== null && Number(last_seen_at) < now - 30 * day),
    ],
    [
      "seen since",
      `seen_after=${at(now - 30 * day)}`,
      () => idsWhere(({ last_seen_at }) => Number(last_seen_at ?? 0) >= now - 30 * day),
    ],
    ["by the beginning of a word", "search=GARC", () => idsFoundBy("garc")],
    ["by a word without its accents", "search=Chloé", () => idsFoundBy("chloe")],
    ["by several words, in any order", "search=mac%20ber", () => idsFoundBy("mac", "ber")],
    [
      "by everything at once",
      `state=enrolled&kind=ade&platform=macos&os_min=14&seen_after=${at(now - 200 * day)}&search=m`,
      () =>
        idsFoundBy("m").filter((id) =>
          fleet.devices.some(
            (row) =>
              row.id === id &&
              row.state === "enrolled" &&
              row.kind === "ade" &&
              row.platform === "macos" &&
              Number(row.os_key) >= 14_000_000 &&
              Number(row.last_seen_at ?? 0) >= now - 200 * day,
          ),
        ),
    ],
  ];

  test.each(cases)("%s, page by page: each device once", async (_title, queryString, expected) => {
    const ids = await walk(queryString);

    expect(expected().length).toBeGreaterThan(0);
    expect(ids.toSorted()).toEqual(expected().toSorted());
  });

  test("comes in the order that its leading filter has", async () => {
    const byId = await walk("state=enrolled");
    const byVersion = await walk("os_min=1");
    const versionOf = new Map(fleet.devices.map(({ id, os_key }) => [id as string, Number(os_key)]));

    expect(byId).toEqual(byId.toSorted());
    expect(byVersion.map((id) => versionOf.get(id))).toEqual(
      [...versionOf.values()].toSorted((a, b) => a - b),
    );
  });

  test("shows the very word first, then what only begins with it", async () => {
    const [first] = await walk("search=ada");

    expect(wordsByDevice.get(first ?? "")?.map(({ word }) => word)).toContain("ada");
  });

  test("is led by the word that tells devices apart, not by what half of them are called", async () => {
    const { rows } = await listDevices(openDb(env.DB), { words: ["iphone", "ada"] }, 1_000, undefined);

    expect(rows.length).toBeGreaterThan(0);
    expect(rows.map(({ place }) => String(place[1]).slice(0, 3))).toEqual(rows.map(() => "ada"));
  });

  test("shows devices whole, with their tags", async () => {
    const { json } = await ask("GET", `/api/v1/devices?serial=${sample?.serial}`);

    expect(json).toMatchObject({
      items: [{ id: sample?.id, serial: sample?.serial, state: sample?.state, notes: "", attributes: {} }],
      next_cursor: null,
    });
    expect(json.items[0].enrolled_at).toBe(
      sample?.enrolled_at === null ? null : at(Number(sample?.enrolled_at)),
    );
  });

  test.each([
    "os=17.x",
    "os_min=",
    "state=gone",
    "seen_after=yesterday",
    "search=%2C",
    "colour=red",
    "failed=profile",
    "failed=everything",
    "cursor=AAAA",
  ])("says what is wrong with %s", async (wrong) => {
    const answer = await ask("GET", `/api/v1/devices?${wrong}`);

    expect(answer.status).toBe(400);
    expect(answer.json.errors).toMatchObject([{ pointer: `/${wrong.split("=")[0]}`, in: "query" }]);
  });

  test("takes no cursor of other filters", async () => {
    const { json } = await ask("GET", "/api/v1/devices?limit=1&state=enrolled");

    const answer = await ask("GET", `/api/v1/devices?limit=1&platform=ios&cursor=${json.next_cursor}`);

    expect(answer.status).toBe(400);
    expect(answer.json.errors).toMatchObject([
      { pointer: "/cursor", detail: expect.stringContaining("other filters") },
    ]);
  });

  test.each([["os", "1"], ["id", 1, 2], ["id"]])(
    "takes no cursor that somebody made up: %j",
    async (...place) => {
      const cursor = btoa(JSON.stringify(place));

      expect((await ask("GET", `/api/v1/devices?cursor=${encodeURIComponent(cursor)}`)).status).toBe(400);
    },
  );

  test("reads a limited number of rows, and continues from there", async () => {
    const rare: DeviceFilters[] = [
      { state: "enrolled", kind: "user", platform: "ios" },
      { kind: "user", platform: "macos", osMax: 14_006_001, seenAfter: 0 },
      { words: ["mac", "n"] },
    ];
    for (const filters of rare) {
      const found: string[] = [];
      const all = await listDevices(openDb(env.DB), filters, 1_000, undefined);
      let shortPages = 0;
      for (let place: DevicePlace | undefined, more = true; more; ) {
        const { rows, stoppedAt } = await listDevices(openDb(env.DB), filters, 5, place, 20);
        found.push(...rows.map(({ row }) => row.id));
        if (rows.length < 5 && stoppedAt !== undefined) shortPages++;
        place = stoppedAt ?? rows.at(-1)?.place;
        more = stoppedAt !== undefined || rows.length === 5;
      }

      expect(found, JSON.stringify(filters)).toEqual(all.rows.map(({ row }) => row.id));
      expect(shortPages, JSON.stringify(filters)).toBeGreaterThan(0);
    }
  });

  test("begins a late page where the last one ended, not at the beginning", async () => {
    for (const filters of [
      { osMin: 1 },
      { seenAfter: 1 },
      { words: ["m"] },
      { state: "enrolled", osMin: 1 },
    ] as const) {
      const { db, statements } = recordingDatabase(env.DB);
      const { rows } = await listDevices(openDb(env.DB), filters, 100, undefined);
      await listDevices(openDb(db), filters, 1, rows.at(-1)?.place);

      for (const statement of statements) {
        expect((await planOf(env.DB, statement))[0], JSON.stringify(filters)).toMatch(
          /\(\w+,\w+\)>\(\?,\?\)/,
        );
      }
    }
  });

  test("walks an index for each filter, first page and next, and sorts nothing", async () => {
    const filters: DeviceFilters[] = [
      {},
      { state: "enrolled" },
      { state: "pending" },
      { kind: "user" },
      { platform: "macos" },
      { platform: "macos", osMin: 1, osMax: 99 },
      { osMin: 1 },
      { osMax: 99 },
      { serial: "x" },
      { user: "x" },
      { tag: "x" },
      { set: "x" },
      { app: "x" },
      { set: "x", app: "y" },
      { failed: "anything" },
      { failed: { kind: "profile", name: "c.vpn" }, state: "enrolled" },
      { failed: "anything", tag: "x" },
      { attribute: { name: "x", value: "y" } },
      { seenBefore: 1 },
      { seenAfter: 1 },
      { supervised: true },
      { encrypted: false, platform: "macos" },
      { passcodePresent: false, passcodeCompliant: true },
      { activationLock: true, lostMode: false },
      { inventoryBefore: 1 },
      { inventoryAfter: 1, state: "enrolled" },
      { words: ["x"] },
      {
        words: ["x", "y"],
        state: "enrolled",
        kind: "ade",
        platform: "ios",
        osMin: 1,
        tag: "t",
        user: "u",
        seenAfter: 1,
      },
      { state: "enrolled", kind: "ade", platform: "ios", seenAfter: 1 },
      { state: "enrolled", kind: "ade", platform: "ios" },
    ];
    for (const filter of filters) {
      const { db, statements } = recordingDatabase(env.DB);
      const [first] = (await listDevices(openDb(db), filter, 1, undefined)).rows;
      const place = first?.place ?? placeIn(filter);
      await listDevices(openDb(db), filter, 1, place);

      expect(statements.length).toBeGreaterThanOrEqual(2);
      for (const statement of statements) {
        const plan = await planOf(env.DB, statement);
        const walked = plan.filter((step) =>
          /^SCAN (devices|channels|device_words|device_tags|channel_sets|device_apps|\w+_states)/.test(step),
        );
        // Only the unfiltered list begins at the very beginning of an index.
        const allowed = Object.keys(filter).length === 0 ? /USING INDEX/ : /^$/;

        expect(
          walked.filter((step) => !allowed.test(step)),
          JSON.stringify(filter),
        ).toEqual([]);
        expect(
          plan.filter((step) => /TEMP B-TREE/.test(step)),
          JSON.stringify(filter),
        ).toEqual([]);
      }
    }
  });
});

describe("one device", () => {
  test("is shown as its object knows it, before the directory has heard of it", async () => {
    const device = await enrolledDevice("mac");
    await give(device, "DeviceInformation");

    const { status, json } = await ask("GET", `/api/v1/devices/${device.id}`);

    expect(status).toBe(200);
    expect(json).toMatchObject({
      id: device.id,
      state: "enrolled",
      platform: "macos",
      serial: device.hardware.serialNumber,
      generation: 1,
      waiting_commands: 1,
      created_at: null,
      notes: "",
    });
    expect(json.undelivered_events).toBeGreaterThan(0);
  });

  test("is found by its name once the directory has heard", async () => {
    const device = await enrolledDevice("mac", { deviceName: "Zoë’s Æther, two" });
    await alarmOf(device);

    const found = await ask("GET", "/api/v1/devices?search=zoe%20two");

    expect(found.json.items).toMatchObject([{ id: device.id, state: "enrolled", platform: "macos" }]);
    const one = await ask("GET", `/api/v1/devices/${device.id}`);
    expect(one.json).toMatchObject({ ...found.json.items[0], undelivered_events: 0 });
  });

  test("with reserved characters in its id survives the address", async () => {
    const odd = "u@x.org/7 %41?#é";
    await insertRows(env.DB, "devices", [{ ...sample, id: odd, serial: "ODD" } as never]);

    const read = await ask("GET", `/api/v1/devices/${encodeURIComponent(odd)}`);
    const changed = await ask("PATCH", `/api/v1/devices/${encodeURIComponent(odd)}`, {
      json: { notes: "odd" },
    });

    expect(read.json.id).toBe(odd);
    expect(changed.json).toMatchObject({ id: odd, notes: "odd" });
    expect((await ask("DELETE", `/api/v1/devices/${encodeURIComponent(odd)}`)).status).toBe(204);
  });

  test("that is unknown answers 404 to everything", async () => {
    for (const [method, json] of [["GET"], ["PATCH", { notes: "x" }], ["DELETE"]] as const) {
      const answer = await ask(method, "/api/v1/devices/NOBODY", { json });

      expect(answer.status, method).toBe(404);
      expect(answer.json.detail).toBe("no device has the id NOBODY");
    }
  });
});

describe("what administrators write of a device", () => {
  const path = `/api/v1/devices/${sample?.id}`;

  test("is kept, merged where it is named, and listed", async () => {
    await ask("PATCH", path, { json: { attributes: { owner: "Ada", room: "7" }, tags: ["b", "a", "a"] } });
    const { status, json } = await ask("PATCH", path, {
      json: { notes: "bent", attributes: { room: null, floor: "2" } },
    });

    expect(status).toBe(200);
    expect(json).toMatchObject({ notes: "bent", tags: ["a", "b"], attributes: { owner: "Ada", floor: "2" } });
    expect(json.attributes.room).toBeUndefined();
    const listed = await ask("GET", "/api/v1/devices?tag=a");
    expect(listed.json.items).toMatchObject([{ id: sample?.id, tags: ["a", "b"] }]);
  });

  test("replaces all tags", async () => {
    await ask("PATCH", path, { json: { tags: ["only"] } });

    expect((await ask("GET", "/api/v1/devices?tag=a")).json.items).toEqual([]);
    expect((await ask("GET", path)).json.tags).toEqual(["only"]);
  });

  test("outlives what the device says of itself", async () => {
    const device = await enrolledDevice("iphone");
    await ask("PATCH", `/api/v1/devices/${device.id}`, { json: { notes: "early", tags: ["early"] } });

    await alarmOf(device);

    expect((await ask("GET", `/api/v1/devices/${device.id}`)).json).toMatchObject({
      state: "enrolled",
      notes: "early",
      tags: ["early"],
    });
  });

  test.each([
    [{ tags: [""] }, "/tags/0"],
    [{ tags: "a" }, "/tags"],
    [{ attributes: { a: 1 } }, "/attributes/a"],
    [{ notes: "x".repeat(10_001) }, "/notes"],
    [{ name: "x" }, "/name"],
  ])("is refused as %j", async (json, pointer) => {
    const answer = await ask("PATCH", path, { json });

    expect(answer.status).toBe(400);
    expect(answer.json.errors[0]).toMatchObject({ pointer });
  });
});

describe("a device is forgotten", () => {
  test("when it has ended its enrollment: nothing of it is left in lists, its history is", async () => {
    const device = await enrolledDevice("mac");
    await ask("PATCH", `/api/v1/devices/${device.id}`, { json: { tags: ["gone"] } });
    await device.checkOut();
    await alarmOf(device);

    const answer = await ask("DELETE", `/api/v1/devices/${device.id}`);

    expect(answer.status).toBe(204);
    expect((await ask("GET", `/api/v1/devices/${device.id}`)).status).toBe(404);
    expect((await ask("GET", "/api/v1/devices?tag=gone")).json.items).toEqual([]);
    for (const table of ["channels", "device_words", "device_tags"]) {
      const left = await env.DB.prepare(`SELECT 1 FROM ${table} WHERE device_id = ?`).bind(device.id).all();
      expect(left.results, table).toEqual([]);
    }
    const events = await env.DB.prepare("SELECT name FROM events WHERE device_id = ?").bind(device.id).all();
    expect(events.results.map(({ name }) => name)).toContain("device.unenrolled");
    expect((await ask("DELETE", `/api/v1/devices/${device.id}`)).status).toBe(404);
  });

  test("while it is enrolled only by force, and by an admin", async () => {
    const device = await enrolledDevice();
    const path = `/api/v1/devices/${device.id}`;
    const token = await tokenFor("operator");

    const asked = await ask("DELETE", path, { token });
    const forced = await ask("DELETE", `${path}?force=true`, { token });

    expect([asked.status, asked.json.detail]).toEqual([409, expect.stringContaining("?force=true")]);
    expect([forced.status, forced.json.detail]).toEqual([403, expect.stringContaining("role admin")]);
    expect((await device.idle()).status).toBe(200);

    expect((await ask("DELETE", `${path}?force=true`)).status).toBe(204);
    expect((await device.idle()).status).toBe(403);
    expect(await objectOf(device).describe()).toBeUndefined();
  });
});
