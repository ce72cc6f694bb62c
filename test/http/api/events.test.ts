import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { listEvents } from "../../../src/db/events.ts";
import { openDb } from "../../../src/db/open.ts";
import { ask } from "../../support/admin.ts";
import { alarmOf, enrolledDevice, give } from "../../support/fleet.ts";
import { planOf, recordingDatabase } from "../../support/recording-database.ts";
import { insertRows } from "../../support/seeded-fleet.ts";

const start = Date.UTC(2025, 0, 1);
const minute = 60_000;
const events = Array.from({ length: 90 }, (_, number) => ({
  device_id: `EVENTFUL-${number % 3}`,
  seq: number,
  name: number % 2 === 0 ? "command.queued" : "command.finished",
  user_id: number % 5 === 0 ? "user@x" : null,
  detail: JSON.stringify({ number }),
  // Two in each minute, and not quite in order.
  at: start + (number - (number % 2)) * minute,
}));

beforeAll(() => insertRows(env.DB, "events", events));

async function walk(path: string): Promise<number[]> {
  const numbers: number[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const more: string = cursor === "" ? "" : `&cursor=${cursor}`;
    const { status, json, text } = await ask("GET", `${path}limit=7${more}`);
    expect(status, text).toBe(200);
    numbers.push(...json.items.map(({ detail }: { detail: { number: number } }) => detail.number));
    cursor = json.next_cursor;
  }
  return numbers;
}

const newestFirst = (passes: (event: (typeof events)[number]) => boolean) =>
  events.flatMap((event, number) => (passes(event) ? [number] : [])).reverse();

describe("events", () => {
  const since = start + 40 * minute;
  test.each<[string, string, (event: (typeof events)[number]) => boolean]>([
    ["of the fleet", "events?", () => true],
    ["by name", "events?name=command.finished&", ({ name }) => name === "command.finished"],
    ["since a time", `events?since=${new Date(since).toISOString()}&`, ({ at }) => at >= since],
    ["by device", "events?device=EVENTFUL-1&", ({ device_id }) => device_id === "EVENTFUL-1"],
    [
      "by all of these",
      `events?device=EVENTFUL-1&name=command.queued&since=${new Date(since).toISOString()}&`,
      ({ device_id, name, at }) => device_id === "EVENTFUL-1" && name === "command.queued" && at >= since,
    ],
    ["of one device", "devices/EVENTFUL-2/events?", ({ device_id }) => device_id === "EVENTFUL-2"],
    [
      "of one user",
      "devices/EVENTFUL-2/events?channel=user%40x&",
      ({ device_id, user_id }) => device_id === "EVENTFUL-2" && user_id === "user@x",
    ],
  ])("%s come newest first, page by page, each once", async (_title, path, passes) => {
    expect(await walk(`/api/v1/${path}`)).toEqual(newestFirst(passes));
  });

  test("walk an index, whatever is asked for", async () => {
    const all = [
      {},
      { name: "x" },
      { since: 1 },
      { name: "x", since: 1 },
      { deviceId: "x" },
      { deviceId: "x", name: "x" },
    ];
    for (const filters of all) {
      const { db, statements } = recordingDatabase(env.DB);
      await listEvents(openDb(db), filters, 1, undefined);
      await listEvents(openDb(db), filters, 1, [1, 1]);

      for (const statement of statements) {
        const plan = (await planOf(env.DB, statement)).join("\n");
        expect(plan, JSON.stringify(filters)).toMatch(/USING (COVERING )?INDEX/);
        expect(plan, JSON.stringify(filters)).not.toMatch(/TEMP B-TREE/);
      }
    }
  });

  test("tell the story of a device", async () => {
    const device = await enrolledDevice();
    await give(device, "ProfileList");
    await device.converse();
    await alarmOf(device);

    const { json } = await ask("GET", `/api/v1/devices/${device.id}/events`);

    expect(json.items.map(({ name }: { name: string }) => name).toReversed()).toEqual([
      "device.authenticated",
      "device.enrolled",
      "channel.enabled",
      "command.queued",
      "command.finished",
      "inventory.updated",
    ]);
    expect(json.items[1]).toMatchObject({
      device_id: device.id,
      channel: null,
      detail: { state: "acknowledged" },
    });
  });
});

describe("a command of many channels", () => {
  const header = (device: number, queuedAt: number) => ({
    uuid: "FLEET-WIDE",
    device_id: `D${String(device).padStart(2, "0")}`,
    user_id: device % 2 === 0 ? "" : "user@x",
    request_type: "ProfileList",
    state: "queued",
    origin: "test",
    seq: 1,
    queued_at: queuedAt,
  });

  test("is listed with each of them, page by page", async () => {
    await insertRows(
      env.DB,
      "commands",
      Array.from({ length: 11 }, (_, device) => header(device, start)),
    );

    const first = await ask("GET", "/api/v1/commands/FLEET-WIDE?limit=6");
    const second = await ask("GET", `/api/v1/commands/FLEET-WIDE?limit=6&cursor=${first.json.next_cursor}`);

    expect(first.json.items).toHaveLength(6);
    expect(first.json.items.slice(0, 2)).toMatchObject([
      { device_id: "D00", channel: null, state: "queued", request_type: "ProfileList" },
      { device_id: "D01", channel: "user@x" },
    ]);
    expect(second.json.items.map(({ device_id }: { device_id: string }) => device_id)).toEqual([
      "D06",
      "D07",
      "D08",
      "D09",
      "D10",
    ]);
    expect(second.json.next_cursor).toBeNull();
  });

  test("that nobody has heard of has none", async () => {
    expect((await ask("GET", "/api/v1/commands/UNKNOWN")).json).toEqual({ items: [], next_cursor: null });
  });

  test("is shown there as the device left it, once the directory has heard", async () => {
    const device = await enrolledDevice();
    const uuid = await give(device, "ProfileList");
    await device.converse();
    await alarmOf(device);

    const { json } = await ask("GET", `/api/v1/commands/${uuid}`);

    expect(json.items).toMatchObject([
      { device_id: device.id, channel: null, state: "acknowledged", origin: "test" },
    ]);
    expect(json.items[0].finished_at).not.toBeNull();
  });
});
