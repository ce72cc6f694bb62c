import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { buildCommand } from "../../src/commands/command.ts";
import { enqueue } from "../../src/commands/enqueue.ts";
import { inventoryOrigin } from "../../src/device/queue/origins.ts";
import type { AppleDevice } from "../support/apple-device.ts";
import { alarmOf, enrolledDevice, objectOf, outboxOf } from "../support/fleet.ts";
import { heldTimers } from "../support/held-timers.ts";

// The answer to a question is read when it comes, before it is stored: nothing has to be opened again.

/** Nobody waits for the five seconds in which a connected device answers. */
beforeEach(() => void heldTimers(5_000));

async function askedDevice(): Promise<{ device: AppleDevice; uuid: string }> {
  const device = await enrolledDevice();
  await alarmOf(device);
  await device.converse();
  await alarmOf(device);
  const question = buildCommand("DeviceInformation", { Queries: ["DeviceName", "OSVersion"] });
  if (!question.ok) throw new Error(question.refusal.detail);
  const { uuid } = question.value;
  await enqueue(env, question.value, { deviceId: device.id, origin: inventoryOrigin, push: false });
  expect((await device.idle()).command?.uuid).toBe(uuid);
  return { device, uuid };
}

async function nameOf(device: AppleDevice): Promise<unknown> {
  const inventory = await objectOf(device).readInventory("");
  return inventory?.information && JSON.parse(inventory.information.json).DeviceName;
}

const unread = (device: AppleDevice) =>
  runInDurableObject(
    objectOf(device),
    (_, state) => state.storage.sql.exec<{ n: number }>("SELECT count(*) AS n FROM unread_results").one().n,
  );

const named = (DeviceName: string, more = "") => ({
  QueryResponses: new Map([
    ["DeviceName", DeviceName],
    ["Organization", more],
  ]),
});

test("its facts are there with the answer to the device, and nothing is left to read", async () => {
  const { device, uuid } = await askedDevice();

  await device.acknowledge(uuid, named("At once"));

  expect(await nameOf(device)).toBe("At once");
  expect(await unread(device)).toBe(0);
});

test("a device that did not get ours repeats its own: nothing is ignored aloud, and nothing is stored twice", async () => {
  const { device, uuid } = await askedDevice();
  await device.acknowledge(uuid, named("Once"));

  await device.acknowledge(uuid, named("Twice"));

  expect(await nameOf(device)).toBe("Once");
  const told = [...(await outboxOf(device))].map(({ name }) => name);
  expect(told).not.toContain("command.result_ignored");
});

test("an object that has slept since the question reads it later, by its alarm", async () => {
  const { device, uuid } = await askedDevice();
  await evictDurableObject(objectOf(device));

  await device.acknowledge(uuid, named("Later"));
  await alarmOf(device);

  expect(await nameOf(device)).toBe("Later");
  expect(await unread(device)).toBe(0);
});

test("a large answer does not keep the device waiting: it is stored, and read later", async () => {
  const { device, uuid } = await askedDevice();

  await device.acknowledge(uuid, named("Large", "x".repeat(40_000)));
  await alarmOf(device);

  expect(await nameOf(device)).toBe("Large");
  expect(await unread(device)).toBe(0);
});

test("of an enrollment that has ended meanwhile nothing is kept", async () => {
  const { device, uuid } = await askedDevice();
  await objectOf(device).endEnrollment("test");

  await device.acknowledge(uuid, named("Too late"));

  expect(await nameOf(device)).not.toBe("Too late");
});
