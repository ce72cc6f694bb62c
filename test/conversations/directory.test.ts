import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test, vi } from "vitest";
import { openDb } from "../../src/db/open.ts";
import { applyEvents } from "../../src/events/apply.ts";
import type { AppleDevice } from "../support/apple-device.ts";
import { brokenDatabase, silentDatabase } from "../support/broken-database.ts";
import { alarmOf, enrolledDevice, give, objectOf, outboxOf, stateOf } from "../support/fleet.ts";
import { impatiently } from "../support/impatience.ts";

const rowOf = (device: AppleDevice) =>
  env.DB.prepare("SELECT * FROM devices WHERE id = ?").bind(device.id).first();

const eventsOf = async (device: AppleDevice) => {
  const query = env.DB.prepare("SELECT name FROM events WHERE device_id = ? ORDER BY seq").bind(device.id);
  return (await query.all<{ name: string }>()).results.map(({ name }) => name);
};

const commandsOf = async (device: AppleDevice) => {
  const query = env.DB.prepare("SELECT state FROM commands WHERE device_id = ? ORDER BY id").bind(device.id);
  return (await query.all<{ state: string }>()).results.map(({ state }) => state);
};

/** The object's next dealings are with this database. */
const useDatabase = (device: AppleDevice, database: D1Database) =>
  runInDurableObject(objectOf(device), (instance) => {
    Object.defineProperty(instance, "env", { value: { ...env, DB: database }, configurable: true });
  });

async function answeredCommand(device: AppleDevice): Promise<string> {
  const uuid = await give(device, "SecurityInfo");
  await device.idle();
  await device.acknowledge(uuid);
  return uuid;
}

describe("the directory", () => {
  test("learns of a device and its channels from the object's alarm", async () => {
    const mac = await enrolledDevice("mac", { deviceName: "Anna’s MacBook" });

    await alarmOf(mac);

    expect(await rowOf(mac)).toMatchObject({
      state: "enrolled",
      platform: "macos",
      name: "Anna’s MacBook",
      serial: mac.hardware.serialNumber,
    });
    expect(await eventsOf(mac)).toEqual([
      "device.authenticated",
      "device.enrolled",
      "channel.enabled",
      "channel.enabled",
    ]);
    expect(await outboxOf(mac)).toEqual([]);
  });

  test("is told later when D1 never answers, and nothing else of the object waits for that", async () => {
    const phone = await enrolledDevice();
    await alarmOf(phone);
    const uuid = await give(phone, "SecurityInfo", {}, { expiresAt: Date.now() - 1 });
    await useDatabase(phone, silentDatabase());

    await impatiently(30_000, () => alarmOf(phone));

    expect(await stateOf(phone, uuid)).toBe("expired");
    expect(await commandsOf(phone)).toEqual([]);
    await useDatabase(phone, env.DB);
    await objectOf(phone).deliver();
    expect(await commandsOf(phone)).toEqual(["expired"]);
  });

  test("finds a device by the words of its name, whatever their case", async () => {
    const mac = await enrolledDevice("mac", { deviceName: "Zora's MacBook" });
    await alarmOf(mac);

    const found = await env.DB.prepare(
      "SELECT device_id FROM device_words WHERE word >= 'zora' AND word < 'zorb'",
    ).all();

    expect(found.results).toEqual([{ device_id: mac.id }]);
  });

  test("follows a command to its end", async () => {
    const device = await enrolledDevice();
    await give(device, "SecurityInfo");
    await alarmOf(device);
    expect(await commandsOf(device)).toEqual(["queued"]);

    await device.converse(() => ({ status: "Acknowledged" }));
    await alarmOf(device);

    expect(await commandsOf(device)).toEqual(["acknowledged"]);
  });

  test("is not touched by what arrives twice, or late", async () => {
    const device = await enrolledDevice();
    await answeredCommand(device);
    const told = await outboxOf(device);
    await alarmOf(device);
    const after = [await rowOf(device), await eventsOf(device), await commandsOf(device)];

    await applyEvents(openDb(env.DB), device.id, told);
    await applyEvents(openDb(env.DB), device.id, told.slice(0, 2));

    expect([await rowOf(device), await eventsOf(device), await commandsOf(device)]).toEqual(after);
  });
});

describe("while D1 is away", () => {
  test("devices are served as always, and the directory is right in the end, in order", async () => {
    const device = await enrolledDevice();
    await useDatabase(device, brokenDatabase());

    await answeredCommand(device);
    await alarmOf(device);
    await answeredCommand(device);
    await alarmOf(device);

    expect(await eventsOf(device)).toEqual([]);
    expect((await outboxOf(device)).length).toBeGreaterThan(5);

    await useDatabase(device, env.DB);
    await alarmOf(device);

    expect(await eventsOf(device)).toEqual([
      "device.authenticated",
      "device.enrolled",
      "channel.enabled",
      "command.queued",
      "command.finished",
      "command.queued",
      "command.finished",
    ]);
    expect(await commandsOf(device)).toEqual(["acknowledged", "acknowledged"]);
  });

  test("the next try is planned at growing intervals, and never given up", async () => {
    const device = await enrolledDevice();
    await useDatabase(device, brokenDatabase());
    const plannedAfter = async () => {
      await alarmOf(device);
      return runInDurableObject(
        objectOf(device),
        async (_, state) => ((await state.storage.getAlarm()) ?? 0) - Date.now(),
      );
    };

    const waits = [await plannedAfter(), await plannedAfter(), await plannedAfter()];

    expect(waits[0]).toBeGreaterThan(20_000);
    expect(waits[1]).toBeGreaterThan((waits[0] ?? 0) * 1.5);
    expect(waits[2]).toBeGreaterThan((waits[1] ?? 0) * 1.5);
  });

  test("a delivery that did arrive, but whose answer was lost, is repeated without harm", async () => {
    const device = await enrolledDevice();
    const losesAnswers = {
      prepare: env.DB.prepare.bind(env.DB),
      batch: async (statements: D1PreparedStatement[]) => {
        await env.DB.batch(statements);
        throw new Error("D1_ERROR: Network connection lost.");
      },
    } as unknown as D1Database;
    await useDatabase(device, losesAnswers);
    await alarmOf(device);

    await useDatabase(device, env.DB);
    await alarmOf(device);

    expect(await eventsOf(device)).toEqual(["device.authenticated", "device.enrolled", "channel.enabled"]);
    expect(await outboxOf(device)).toEqual([]);
  });
});

describe("an alarm that is lost", () => {
  test("is set again when the object wakes", async () => {
    const device = await enrolledDevice();
    await runInDurableObject(objectOf(device), (_, state) => state.storage.deleteAlarm());
    await evictDurableObject(objectOf(device));

    await device.idle();

    expect(await alarmOf(device)).toBe(true);
    expect(await eventsOf(device)).toContain("device.enrolled");
  });

  test("in the middle of its work has another one behind it", async () => {
    const device = await enrolledDevice();
    let armed: number | null = null;
    const looksAtAlarm = {
      prepare: env.DB.prepare.bind(env.DB),
      batch: async () => {
        armed = await runInDurableObject(objectOf(device), (_, state) => state.storage.getAlarm());
        throw new Error("killed");
      },
    } as unknown as D1Database;
    await useDatabase(device, looksAtAlarm);

    await alarmOf(device);

    expect(armed).toBeGreaterThan(Date.now());
  });
});

describe("what it costs", () => {
  const rowsWritten = async (device: AppleDevice) => (await objectOf(device).describe())?.rowsWritten ?? 0;

  test("a hundred idle connects write less than ten rows", async () => {
    const device = await enrolledDevice();
    const before = await rowsWritten(device);

    for (let connect = 0; connect < 100; connect++) await device.idle();

    expect((await rowsWritten(device)) - before).toBeLessThan(10);
  });

  test("a command that teaches nothing, with its result and both its events, writes at most eight", async () => {
    const device = await enrolledDevice();
    await alarmOf(device);
    const before = await rowsWritten(device);

    for (let command = 0; command < 10; command++) {
      await give(device, "RestartDevice");
      await alarmOf(device);
      await device.converse(() => ({ status: "Acknowledged" }));
      // Its events leave at the end of the exchange, without an alarm.
      await vi.waitUntil(async () => (await outboxOf(device)).length === 0);
    }

    expect((await rowsWritten(device)) - before).toBeLessThanOrEqual(80);
  });
});

test("an object that is deleted while it delivers ends its work quietly", async () => {
  const device = await enrolledDevice();
  const said = vi.spyOn(console, "error").mockImplementation(() => {});
  const deletes = {
    prepare: env.DB.prepare.bind(env.DB),
    batch: async () => {
      await runInDurableObject(objectOf(device), (_, state) => state.storage.deleteAll());
      throw new Error("D1_ERROR: Network connection lost.");
    },
  } as unknown as D1Database;
  await useDatabase(device, deletes);

  await alarmOf(device);

  expect(said).not.toHaveBeenCalled();
  said.mockRestore();
});
