import { createExecutionContext, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { app } from "../../src/app.ts";
import { buildCommand } from "../../src/commands/command.ts";
import { enqueue } from "../../src/commands/enqueue.ts";
import { openDb } from "../../src/db/open.ts";
import { bringQueuedNews, type QueuedNews } from "../../src/events/queued-news.ts";
import { adminToken, ask, origin } from "../support/admin.ts";
import type { AppleDevice } from "../support/apple-device.ts";
import { flakyDatabase } from "../support/broken-database.ts";
import { alarmOf, enrolledDevice, give, objectOf, outboxOf } from "../support/fleet.ts";

// Who queues a command brings the news of it to the directory, so that a device's object need not wake for that.

afterEach(() => vi.restoreAllMocks());

/** Its enrollment is told, and the next alarm is hours away. */
async function quietDevice(): Promise<AppleDevice> {
  const device = await enrolledDevice();
  await alarmOf(device);
  await device.converse();
  await alarmOf(device);
  expect(await outboxOf(device)).toEqual([]);
  return device;
}

const alarmAt = (device: AppleDevice) =>
  runInDurableObject(objectOf(device), (_, state) => state.storage.getAlarm());

const post = (device: AppleDevice, push = false) =>
  ask("POST", `/api/v1/devices/${device.id}/commands?push=${push}`, {
    json: { request_type: "RestartDevice" },
  });

const eventsOf = async (device: AppleDevice, uuid: string) => {
  const query = "SELECT name FROM events WHERE device_id = ? AND detail ->> 'uuid' = ? ORDER BY id";
  const { results } = await env.DB.prepare(query).bind(device.id, uuid).all<{ name: string }>();
  return results.map(({ name }) => name);
};

const listed = async (device: AppleDevice, uuid: string) =>
  (
    await env.DB.prepare("SELECT state FROM commands WHERE device_id = ? AND uuid = ?")
      .bind(device.id, uuid)
      .first<{ state: string }>()
  )?.state;

/** Queues a command, and returns the news that somebody must bring. */
async function giveToCarry(device: AppleDevice): Promise<{ uuid: string; news: QueuedNews[] }> {
  const command = buildCommand("RestartDevice", {});
  if (!command.ok) throw new Error(command.refusal.detail);
  const news: QueuedNews[] = [];
  await enqueue(env, command.value, {
    deviceId: device.id,
    origin: "test",
    push: false,
    carry: (some) => news.push(...some),
  });
  return { uuid: command.value.uuid, news };
}

test("is in the directory with the answer to the POST, and no alarm comes for it", async () => {
  const device = await quietDevice();
  const before = await alarmAt(device);

  const { json } = await post(device);

  expect(await listed(device, json.uuid)).toBe("queued");
  expect(await eventsOf(device, json.uuid)).toEqual(["command.queued"]);
  expect(await alarmAt(device)).toBe(before);
  const audit = await ask("GET", `/api/v1/audit?target=devices/${device.id}/commands/${json.uuid}`);
  expect(audit.json.items.length).toBe(1);
});

test("is told once, before the end of the command", async () => {
  const device = await quietDevice();
  const { json } = await post(device);

  await device.converse();

  await vi.waitUntil(async () => (await outboxOf(device)).length === 0);
  expect(await eventsOf(device, json.uuid)).toEqual(["command.queued", "command.finished"]);
  // The phone is not supervised, and refuses.
  expect(await listed(device, json.uuid)).toBe("error");
});

test("of a command that expires or is pushed for, the alarm comes for that", async () => {
  const [patient, pushed] = [await quietDevice(), await quietDevice()];
  const expires_at = new Date(Date.now() + 600_000).toISOString();

  await ask("POST", `/api/v1/devices/${patient.id}/commands?push=false`, {
    json: { request_type: "RestartDevice", expires_at },
  });
  await post(pushed, true);

  expect(await alarmAt(patient)).toBe(Date.parse(expires_at));
  expect(Math.abs(((await alarmAt(pushed)) ?? 0) - Date.now() - 120_000)).toBeLessThan(20_000);
});

test("that D1 did not take is told by the object, soon", async () => {
  const device = await quietDevice();
  vi.spyOn(console, "error").mockImplementation(() => {});
  const { database } = flakyDatabase(/insert into audit_entries/i, 1);
  const answer = await app.fetch(
    new Request(`${origin}/api/v1/devices/${device.id}/commands?push=false`, {
      method: "POST",
      headers: { Authorization: `Bearer ${adminToken}`, "Content-Type": "application/json" },
      body: JSON.stringify({ request_type: "RestartDevice" }),
    }),
    { ...env, DB: database },
    createExecutionContext(),
  );
  expect(answer.status).toBe(201);
  const { uuid } = await answer.json<{ uuid: string }>();
  expect(await listed(device, uuid)).toBeUndefined();

  expect(await alarmAt(device)).toBeLessThan(Date.now() + 5_000);
  await alarmOf(device);

  expect(await eventsOf(device, uuid)).toEqual(["command.queued"]);
});

test("that nobody brought comes with the end of the command, in order", async () => {
  const device = await quietDevice();
  const { uuid } = await giveToCarry(device);

  await device.converse();

  await vi.waitUntil(async () => (await outboxOf(device)).length === 0);
  expect(await eventsOf(device, uuid)).toEqual(["command.queued", "command.finished"]);
});

test("that nobody brought comes with whatever the object wakes for next", async () => {
  const device = await quietDevice();
  const { uuid } = await giveToCarry(device);
  await objectOf(device).assignmentChanged({});

  await alarmOf(device);

  expect(await eventsOf(device, uuid)).toEqual(["command.queued"]);
});

test("that nobody brought is handed out again, with the same command and with the next one", async () => {
  const device = await quietDevice();
  const first = await giveToCarry(device);

  const second = await giveToCarry(device);

  expect(second.news.map(({ uuid }) => uuid)).toEqual([first.uuid, second.uuid]);
  expect(second.news[0]).toEqual(first.news[0]);
});

test("that comes late, after the end of the command, changes nothing", async () => {
  const device = await quietDevice();
  const { uuid, news } = await giveToCarry(device);
  await device.converse();
  await vi.waitUntil(async () => (await outboxOf(device)).length === 0);

  await bringQueuedNews(openDb(env.DB), news);

  expect(await listed(device, uuid)).toBe("error");
  expect(await eventsOf(device, uuid)).toEqual(["command.queued", "command.finished"]);
});

test("of a device that was deleted meanwhile does not bring it back", async () => {
  const device = await quietDevice();
  const { news } = await giveToCarry(device);
  await ask("DELETE", `/api/v1/devices/${device.id}?forget=true`);
  await env.DB.prepare("DELETE FROM devices WHERE id = ?").bind(device.id).run();

  await bringQueuedNews(openDb(env.DB), news);

  const rows = await env.DB.prepare("SELECT 1 FROM devices WHERE id = ?").bind(device.id).all();
  expect(rows.results).toEqual([]);
});

test("stays with the object while that has other news to tell: events keep their order", async () => {
  const device = await quietDevice();
  const earlier = await give(device, "SecurityInfo");

  const { uuid, news } = await giveToCarry(device);

  expect(news.map((one) => one.uuid)).toEqual([earlier, uuid]);
  await device.idle();
  await device.notNow(earlier);
  expect((await giveToCarry(device)).news).toEqual([]);
});
