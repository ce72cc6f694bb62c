import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { beforeEach, describe, expect, test } from "vitest";
import { ask } from "../support/admin.ts";
import type { AppleDevice } from "../support/apple-device.ts";
import { enrolledDevice, give, objectOf, stateOf } from "../support/fleet.ts";
import { heldTimers } from "../support/held-timers.ts";

/** The five seconds in which a connected device answers. */
let patience: ReturnType<typeof heldTimers>;
beforeEach(() => {
  patience = heldTimers(5_000);
});

const storedState = (device: AppleDevice) =>
  runInDurableObject(
    objectOf(device),
    (_, { storage }) => storage.sql.exec<{ state: string }>("SELECT state FROM queue").toArray()[0]?.state,
  );

const cancelled = (device: AppleDevice, uuid: string) =>
  ask("DELETE", `/api/v1/devices/${device.id}/commands/${uuid}`);

describe("a question that the device has fetched", () => {
  test("is shown as sent, and cannot be cancelled, though nothing of that is written", async () => {
    const device = await enrolledDevice();
    const uuid = await give(device, "SecurityInfo");
    await device.idle();

    expect(await storedState(device)).toBe("queued");
    expect(await stateOf(device, uuid)).toBe("sent");
    expect((await cancelled(device, uuid)).status).toBe(409);
  });

  test("waits as before if the object ends, and is fetched again, and answered once", async () => {
    const device = await enrolledDevice();
    const uuid = await give(device, "SecurityInfo");
    await device.idle();
    await evictDurableObject(objectOf(device));

    expect(await stateOf(device, uuid)).toBe("queued");
    expect((await device.idle()).command?.uuid).toBe(uuid);
    await device.acknowledge(uuid);
    expect(await stateOf(device, uuid)).toBe("acknowledged");
  });

  test("keeps the time at which it was sent, also if the answer comes after the object has slept", async () => {
    const device = await enrolledDevice();
    const [at, after] = [await give(device, "SecurityInfo"), await give(device, "ProfileList")];
    await device.idle();
    await device.acknowledge(at);
    await evictDurableObject(objectOf(device));
    await device.acknowledge(after);

    const header = async (uuid: string) => (await objectOf(device).readCommand("", uuid))?.header;
    expect((await header(at))?.sentAt).toBeGreaterThan(0);
    expect(await header(after)).toMatchObject({ state: "acknowledged", sentAt: null });
  });

  test("is written as sent if no answer comes in five seconds", async () => {
    const device = await enrolledDevice();
    await give(device, "SecurityInfo");
    await device.idle();

    expect(await storedState(device)).toBe("queued");
    await runInDurableObject(objectOf(device), () => patience.end());
    expect(await storedState(device)).toBe("sent");
  });

  test("that is postponed has been sent once", async () => {
    const device = await enrolledDevice();
    const uuid = await give(device, "SecurityInfo");
    await device.idle();
    await device.notNow(uuid);
    await evictDurableObject(objectOf(device));

    expect(await stateOf(device, uuid)).toBe("not_now");
    expect((await objectOf(device).readCommand("", uuid))?.header.sentAt).toBeGreaterThan(0);
  });
});

test("a command that disturbs a person is written as sent before it leaves", async () => {
  const device = await enrolledDevice();
  const uuid = await give(device, "RestartDevice");
  await device.idle();
  expect(await storedState(device)).toBe("sent");

  await evictDurableObject(objectOf(device));
  expect((await cancelled(device, uuid)).status).toBe(409);
});
