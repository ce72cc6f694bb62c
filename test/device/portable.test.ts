import { runInDurableObject } from "cloudflare:test";
import { beforeAll, describe, expect, test } from "vitest";
import {
  leftBehind,
  type PortableDevice,
  packDevice,
  portableTables,
} from "../../src/device/transfer/portable.ts";
import type { AppleDevice } from "../support/apple-device.ts";
import { alarmOf, enrolledDevice, give, objectOf, outboxOf, wipe } from "../support/fleet.ts";

let mac: AppleDevice;
let saved: PortableDevice;

async function exported(device: { id: string }): Promise<PortableDevice> {
  const state = await objectOf(device).export();
  if (state === undefined) throw new Error(`${device.id} has stored nothing`);
  return state;
}

beforeAll(async () => {
  mac = await enrolledDevice("mac");
  await mac.setBootstrapToken();
  await give(mac, "DeviceInformation");
  await alarmOf(mac);
  saved = await exported(mac);
});

describe("a device's object", () => {
  test("comes back from what it exported as it was, without its queue", async () => {
    const before = await objectOf(mac).describe();
    await wipe(mac);

    expect(await objectOf(mac).import(saved)).toEqual({ ok: true, value: "imported" });

    const { channels, undelivered: _, rowsWritten: __, ...rest } = before ?? {};
    expect(await objectOf(mac).describe()).toMatchObject({
      ...rest,
      channels: channels?.map((channel) => ({ ...channel, waiting: 0 })),
    });
    expect((await mac.idle()).status).toBe(200);
    expect((await mac.getBootstrapToken()).token).toEqual(mac.bootstrapToken);
    expect(await objectOf(mac).readMessage("Authenticate", "")).toBeDefined();
    expect(await exported(mac)).toEqual({
      ...saved,
      // Sealed again each time; test/backup looks at the token itself.
      tables: { ...saved.tables, device: [expect.anything()], channels: Array(2).fill(expect.anything()) },
    });
  });

  test("tells the directory what it is again", async () => {
    await wipe(mac);
    await objectOf(mac).import(saved);

    const told = await outboxOf(mac);

    expect(told.map(({ name }) => name)).toEqual(Array(3).fill("device.announced"));
    expect(told[0]).toMatchObject({ change: { device: { state: "enrolled", generation: 1 } } });
  });

  test("that holds something is not written over", async () => {
    const other = await enrolledDevice();
    const state = await exported(other);

    expect(await objectOf(other).import(state)).toMatchObject({ refusal: { reason: "in-use" } });
  });

  test("that has stored nothing exports nothing", async () => {
    expect(await objectOf({ id: "NOBODY" }).export()).toBeUndefined();
  });

  test("exports every table that it has, or says why not", async () => {
    const tables = await runInDurableObject(objectOf(await enrolledDevice()), (_, state) =>
      state.storage.sql
        .exec<{ name: string }>(
          "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
        )
        .toArray()
        .map(({ name }) => name),
    );

    expect(tables.sort()).toEqual([...portableTables, ...Object.keys(leftBehind)].sort());
  });

  test("exports no secret in the clear", () => {
    const text = JSON.stringify(saved);
    const token = btoa(String.fromCharCode(...mac.bootstrapToken));
    const [channel] = saved.tables.channels;

    expect(saved.tables.escrow).toHaveLength(1);
    expect(text).not.toContain(token);
    expect(text).not.toContain("MessageType");
    expect([channel?.push_token, channel?.push_magic]).toEqual(Array(2).fill({ sealed: expect.any(String) }));
    expect(text).not.toContain(mac.pushMagic);
  });

  const altered = (change: Partial<Record<keyof PortableDevice, unknown>>) =>
    ({ ...saved, id: "FRESH", ...change }) as PortableDevice;
  const tablesWith = (change: object) => ({
    ...saved.tables,
    device: saved.tables.device.map((row) => ({ ...row, device_id: "FRESH" })),
    ...change,
  });

  test.each<[title: string, refusal: object, change: () => Partial<Record<keyof PortableDevice, unknown>>]>([
    ["a later version", { reason: "unknown-version", version: "2" }, () => ({ edgemdm_device: 2 })],
    ["another device", { reason: "another-device", id: "OTHER" }, () => ({ id: "OTHER" })],
    [
      "another device's row",
      { reason: "another-device" },
      () => ({ tables: { ...saved.tables, channels: [] } }),
    ],
    ["no tables", { reason: "malformed" }, () => ({ tables: undefined })],
    ["a table of no object", { reason: "malformed" }, () => ({ tables: tablesWith({ ufos: [] }) })],
    ["no row of the device", { reason: "malformed" }, () => ({ tables: tablesWith({ device: [] }) })],
    ["a row that is none", { reason: "malformed" }, () => ({ tables: tablesWith({ escrow: [7] }) })],
    [
      "bytes that are none",
      { reason: "malformed" },
      () => ({ tables: tablesWith({ escrow: [{ value: { base64: "?" } }] }) }),
    ],
    [
      "a push token that was sealed for another device",
      { reason: "malformed", detail: "the push_token of a channel does not open here" },
      () => ({ tables: tablesWith({}) }),
    ],
    [
      "a column that this version does not know",
      { reason: "unknown-column", name: "channels.colour" },
      () => ({
        tables: tablesWith({ channels: [{ user_id: "", kind: "device", enabled: 1, colour: "red" }] }),
      }),
    ],
  ])("refuses %s, and stays empty", async (_, refusal, change) => {
    const object = objectOf({ id: "FRESH" });

    expect(await object.import(altered(change()))).toMatchObject({ ok: false, refusal });

    expect(await object.describe()).toBeUndefined();
  });
});

test("what does not fit is left out from the end, and counted", () => {
  const body = new ArrayBuffer(300_000);
  const messages = Array.from({ length: 10 }, (_, at) => ({
    message_type: "TokenUpdate",
    user_id: String(at),
    body,
  }));
  const tables = {
    device: [{ device_id: "D" }],
    identities: [],
    channels: [],
    escrow: [],
    messages,
    heard: [],
    profiles: [],
    apps: [],
    rotations: [],
  };

  const packed = packDevice("D", tables);

  expect(packed.left_out).toBe(5);
  expect(packed.tables.messages.map(({ user_id }) => user_id)).toEqual(["0", "1", "2", "3", "4"]);
});
