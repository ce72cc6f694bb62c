import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, test } from "vitest";
import type { Settings } from "../../src/admin/setting-entries.ts";
import { patchSettings } from "../../src/admin/settings.ts";
import { ask, tokenFor } from "../support/admin.ts";
import type { AppleDevice, AppleDeviceOptions } from "../support/apple-device.ts";
import {
  alarmOf,
  enrolledDevice,
  give,
  invite,
  newDevice,
  objectOf,
  outboxOf,
  toldBy,
} from "../support/fleet.ts";

type InventorySettings = Pick<
  Settings,
  "inventory_at_enrollment" | "inventory_interval_hours" | "inventory_lists_every"
>;

/** After `invite`, which turns both off for everybody. */
async function settings(change: Partial<InventorySettings>): Promise<void> {
  await invite();
  const changed = await patchSettings(env, change, Date.now());
  if (!changed.ok) throw new Error(changed.refusal.detail);
}

afterEach(() =>
  settings({ inventory_at_enrollment: false, inventory_interval_hours: 0, inventory_lists_every: 1 }),
);

async function askedAtEnrollment(
  flavour: Parameters<typeof enrolledDevice>[0] = "iphone",
  options: Partial<AppleDeviceOptions> = {},
): Promise<AppleDevice> {
  await settings({ inventory_at_enrollment: true });
  const device = await enrolledDevice(flavour, options);
  await alarmOf(device);
  return device;
}

const waitingTypes = (device: AppleDevice): Promise<string[]> =>
  runInDurableObject(objectOf(device), (_, state) =>
    state.storage.sql
      .exec<{ request_type: string }>("SELECT request_type FROM queue ORDER BY id")
      .toArray()
      .map(({ request_type }) => request_type),
  );

/** As if the device's slot had come round. */
async function itsTurnComes(device: AppleDevice): Promise<void> {
  await runInDurableObject(objectOf(device), (_, state) => {
    state.storage.sql.exec("UPDATE device SET inventory_due_at = 1, inventory_round_at = 1");
  });
  await evictDurableObject(objectOf(device));
  // Waking, the object finds what is due.
  await objectOf(device).describe();
  await alarmOf(device);
}

/** A whole round, a day after the last: rows that the object writes, rows of the directory, and lines in the log. */
async function dayOf(device: AppleDevice) {
  await runInDurableObject(objectOf(device), (_, state) => {
    state.storage.sql.exec("UPDATE inventory SET as_of = as_of - 86400000");
    state.storage.sql.exec(
      "UPDATE device SET inventory = json_set(inventory, '$.inventoryAt', 1, '$.batteryLevel', 0.5)",
    );
    state.storage.sql.exec("UPDATE device SET inventory_due_at = 1, inventory_round_at = 1");
  });
  await evictDurableObject(objectOf(device));
  const known = (await namesOfEvents(device)).length;
  let inDirectory = 0;
  await runInDurableObject(objectOf(device), (instance) => {
    const batch = async (statements: D1PreparedStatement[]) => {
      const results = await env.DB.batch(statements);
      inDirectory += results.reduce((sum, { meta }) => sum + meta.rows_written, 0);
      return results;
    };
    const DB = { prepare: (sql: string) => env.DB.prepare(sql), batch };
    Object.defineProperty(instance, "env", { value: { ...env, DB }, configurable: true });
  });
  await alarmOf(device);
  const questions = (await waitingTypes(device)).length;
  await device.converse();
  await alarmOf(device);
  const inObject = (await objectOf(device).describe())?.rowsWritten ?? Number.NaN;
  return { questions, inObject, inDirectory, events: (await namesOfEvents(device)).length - known };
}

const namesOfEvents = async (device: AppleDevice): Promise<string[]> => {
  const query = env.DB.prepare("SELECT name FROM events WHERE device_id = ? ORDER BY seq").bind(device.id);
  return (await query.all<{ name: string }>()).results.map(({ name }) => name);
};

const finishedTypes = async (device: AppleDevice): Promise<string[]> => {
  const finished =
    "SELECT detail ->> 'request_type' AS type FROM events WHERE device_id = ? AND name = 'command.finished'";
  return (await env.DB.prepare(finished).bind(device.id).all<{ type: string }>()).results.map(
    ({ type }) => type,
  );
};

describe("a device that enrols", () => {
  test.each([
    ["iphone", {}],
    ["ipad", { ade: true }],
    ["mac", {}],
    ["mac", { userEnrollment: true }],
    ["appleTv", {}],
    ["visionPro", {}],
    ["watch", {}],
    ["sharedIpad", { ade: true }],
  ] as const)(
    "%s %o is asked at once, answers all of it without an error, and is known",
    async (flavour, options) => {
      const device = await askedAtEnrollment(flavour, options);

      await device.converse();
      await alarmOf(device);

      // A supervised device says that it is, and is asked for the code at once.
      expect((await finishedTypes(device)).filter((type) => type !== "ActivationLockBypassCode")).toEqual([]);
      expect(await outboxOf(device)).toEqual([]);
      const { json } = await ask("GET", `/api/v1/devices/${device.id}/inventory`);
      expect(json.information.values.OSVersion).toBe(device.flavour.osVersion);
      expect(json.security.values).toHaveProperty("ManagementStatus");
      expect(json.lists.map(({ name }: { name: string }) => name)).toEqual(
        expect.arrayContaining(["installed-profiles", "installed-certificates"]),
      );
    },
  );

  test("is not asked where the setting says so", async () => {
    await settings({ inventory_at_enrollment: false, inventory_interval_hours: 24 });
    const device = await enrolledDevice();

    await alarmOf(device);

    expect(await waitingTypes(device)).toEqual([]);
  });

  test("the commands of somebody go before those of the round", async () => {
    const device = await askedAtEnrollment();
    const wanted = await give(device, "RestartDevice");

    expect((await device.idle()).command?.uuid).toBe(wanted);
  });

  test("a question that a device refuses is told, those it answers are not", async () => {
    const device = await askedAtEnrollment();

    await device.converse(({ requestType }) =>
      requestType === "ProfileList" ? { status: "CommandFormatError" } : { status: "Acknowledged" },
    );
    await alarmOf(device);

    const query = "SELECT request_type, state FROM commands WHERE device_id = ?";
    const { results } = await env.DB.prepare(query).bind(device.id).all();
    expect(results).toEqual([{ request_type: "ProfileList", state: "format_error" }]);
  });

  test("enrolled again, it is asked again, and nothing from before is known", async () => {
    const device = await askedAtEnrollment("iphone", {});
    await device.converse();
    await alarmOf(device);
    await patchSettings(env, { allow_replacement: true }, Date.now());

    await device.enroll({ ...(await invite()), freshKey: true });
    const inventory = await objectOf(device).readInventory("");
    // One alarm may have been set before it enrolled.
    for (const _ of ["that one", "its own"]) await alarmOf(device);

    expect(inventory).toEqual({ information: null, security: null, lists: [] });
    expect(await waitingTypes(device)).toContain("DeviceInformation");
    const { json } = await ask("GET", `/api/v1/devices/${device.id}`);
    expect(json).toMatchObject({ supervised: null, inventory_at: null });
  });
});

describe("day after day", () => {
  test("a device is asked when its turn comes, and not twice while it has not answered", async () => {
    await settings({ inventory_interval_hours: 24 });
    const device = await enrolledDevice();
    await alarmOf(device);

    await itsTurnComes(device);
    const first = await waitingTypes(device);
    await itsTurnComes(device);

    expect(first).toContain("DeviceInformation");
    expect(await waitingTypes(device)).toEqual(first);
  });

  test("a device that has left is not asked", async () => {
    await settings({ inventory_interval_hours: 24 });
    const device = await enrolledDevice();
    await alarmOf(device);
    await device.checkOut();

    await itsTurnComes(device);

    expect(await waitingTypes(device)).toEqual([]);
  });

  test("a round that fails is tried again later, and keeps nothing from working", async () => {
    await settings({ inventory_interval_hours: 24 });
    const device = await enrolledDevice();
    await alarmOf(device);
    await runInDurableObject(objectOf(device), (_, state) => {
      state.storage.sql.exec("UPDATE device SET inventory_due_at = 1, inventory_round_at = 1, traits = '{'");
    });
    await evictDurableObject(objectOf(device));

    await objectOf(device).survey();
    await alarmOf(device);

    const due = await runInDurableObject(
      objectOf(device),
      (_, state) =>
        state.storage.sql.exec<{ at: number }>("SELECT inventory_due_at AS at FROM device").one().at,
    );
    expect(due).toBeGreaterThan(Date.now() + 10 * 60_000);
    expect(await waitingTypes(device)).toEqual([]);
  });

  test("a day's round in which nothing is new writes this many rows", async () => {
    const device = await askedAtEnrollment("mac");
    await settings({ inventory_interval_hours: 24 });
    // It is known to be supervised after its first answers, and is asked more then.
    for (const _ of ["the first round", "the second"]) {
      await device.converse();
      await alarmOf(device);
      await itsTurnComes(device);
    }
    await device.converse();
    await alarmOf(device);

    const all = await dayOf(device);
    await settings({ inventory_interval_hours: 24, inventory_lists_every: 90 });
    const facts = await dayOf(device);

    // Each question: asked, answered (out of the queue), and the time of what it told. Beside them the facts with their
    // event and its delivery, the plan of the next round, and what the directory writes.
    expect([all.questions, facts.questions]).toEqual([8, 2]);
    expect(all.inObject).toBeLessThanOrEqual(3 * 8 + 6);
    expect(facts.inObject).toBeLessThanOrEqual(3 * 2 + 6);
    for (const { inDirectory, events } of [all, facts]) {
      expect(inDirectory).toBeLessThanOrEqual(4);
      expect(events).toBe(0);
    }
    const kept = await runInDurableObject(objectOf(device), (_, state) =>
      state.storage.sql
        .exec("SELECT request_type FROM finished UNION SELECT request_type FROM unread_results")
        .toArray(),
    );
    // Only what nobody asks every day.
    expect(kept).toEqual([{ request_type: "ActivationLockBypassCode" }]);
  });

  test("a round for the facts alone asks two questions", async () => {
    await settings({ inventory_interval_hours: 24, inventory_lists_every: 90 });
    const device = await enrolledDevice("mac");
    await alarmOf(device);

    await itsTurnComes(device);

    expect(await waitingTypes(device)).toEqual(["DeviceInformation", "SecurityInfo"]);
  });
});

describe("asked for it by somebody", () => {
  const post = (device: AppleDevice, more = "", token?: string) =>
    ask("POST", `/api/v1/devices/${device.id}/inventory${more}`, token ? { token } : {});

  test("a device is asked at once, and again only what does not wait already", async () => {
    const device = await enrolledDevice();
    await give(device, "SecurityInfo");

    const answer = await post(device);
    const again = await post(device);

    expect(answer.status).toBe(202);
    expect(answer.json.waiting).toEqual(["SecurityInfo"]);
    expect(answer.json.asked[0]).toMatchObject({ request_type: "DeviceInformation", state: "queued" });
    expect(again.json.asked).toEqual([]);
    expect(await toldBy(device)).toContainEqual(expect.objectContaining({ name: "command.queued" }));
  });

  test("a user channel has an inventory of its own, which the fleet does not count", async () => {
    const mac = await enrolledDevice("mac");
    const [user] = mac.users;
    const channel = `?channel=${user?.id}`;

    expect((await post(mac, channel)).status).toBe(202);
    await user?.converse();
    await alarmOf(mac);

    const own = await ask("GET", `/api/v1/devices/${mac.id}/apps${channel}`);
    expect(own.json.total).toBe(4);
    expect((await ask("GET", `/api/v1/devices/${mac.id}/apps`)).json).toMatchObject({
      as_of: null,
      total: 0,
    });
    expect((await ask("GET", `/api/v1/devices/${mac.id}`)).json.inventory_at).toBe(null);
  });

  test("who may not, what is not known, and what has left is refused", async () => {
    const device = await enrolledDevice();

    expect((await post(device, "", await tokenFor("viewer"))).status).toBe(403);
    expect((await post(newDevice())).status).toBe(404);
    expect((await post(device, "?channel=nobody")).status).toBe(404);
    expect((await ask("GET", "/api/v1/devices/nobody/apps")).status).toBe(404);
    await device.checkOut();
    expect((await post(device)).status).toBe(409);
  });
});
