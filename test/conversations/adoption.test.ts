import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { ask } from "../support/admin.ts";
import { checkOut } from "../support/apple-device/checkin.ts";
import type { AppleDevice } from "../support/apple-device.ts";
import {
  alarmOf,
  enrolledDevice,
  give,
  invite,
  newDevice,
  objectOf,
  toldBy,
  topic,
  wipe,
} from "../support/fleet.ts";

/** Cloudflare lost the object; the directory is as the object's events have made it. */
async function loseObject(device: { id: string }): Promise<void> {
  await alarmOf(device);
  await wipe(device);
}

async function lostDevice(...options: Parameters<typeof enrolledDevice>): Promise<AppleDevice> {
  const device = await enrolledDevice(...options);
  await loseObject(device);
  return device;
}

const stateOf = async (device: { id: string }) => {
  const { status, json } = await ask("GET", `/api/v1/devices/${device.id}`);
  return status === 200 ? json.state : status;
};

describe("a device whose object was lost", () => {
  test("is taken up again when it connects, as what the directory remembers", async () => {
    const device = await lostDevice("mac");

    const answer = await device.idle();

    expect(answer.status).toBe(200);
    expect(await objectOf(device).describe()).toMatchObject({
      state: "enrolled",
      generation: 1,
      facts: { SerialNumber: device.hardware.serialNumber },
      channels: [
        { userId: "", kind: "device", enabled: true },
        { kind: "mac_user", enabled: true, userShortName: "jo" },
      ],
      identities: [{ generation: 1 }],
    });
    expect((await toldBy(device)).at(-1)).toMatchObject({
      name: "device.adopted",
      detail: { generation: 1 },
    });
  });

  test("gets its commands, and can be pushed from its next TokenUpdate on", async () => {
    const device = await lostDevice();
    await device.idle();

    const uuid = await give(device, "DeviceInformation");
    expect((await device.idle()).command?.uuid).toBe(uuid);
    expect((await device.tokenUpdate()).status).toBe(200);

    const tokens = await runInDurableObject(objectOf(device), (_, state) =>
      state.storage.sql.exec("SELECT push_token IS NOT NULL AS there FROM channels").toArray(),
    );
    expect(tokens).toEqual([{ there: 1 }]);
  });

  test("finds the command that was queued before it came back", async () => {
    const device = await lostDevice();
    const uuid = await give(device, "DeviceInformation");

    expect((await device.idle()).command?.uuid).toBe(uuid);
  });

  test.each([
    ["with a new Authenticate", true],
    ["without one", false],
  ])("renews its identity %s", async (_, authenticate) => {
    const device = await lostDevice("mac");
    const { challenge } = await invite({ device_id: device.id });

    await device.renewIdentity({ challenge, authenticate, freshKey: true });

    expect((await device.idle()).status).toBe(200);
    expect(await objectOf(device).describe()).toMatchObject({ state: "enrolled" });
  });

  test("enrolls again as the next generation", async () => {
    const device = await lostDevice("mac");

    await device.enroll({ ...(await invite({ serial: device.hardware.serialNumber })), freshKey: true });

    expect(await objectOf(device).describe()).toMatchObject({ state: "enrolled", generation: 2 });
  });

  test("is not replaced by a device that only says that it is this one", async () => {
    const device = await lostDevice("mac");
    const impostor = newDevice("mac");
    impostor.claimToBe(device);

    const enrolling = impostor.enroll({ ...(await invite()), freshKey: true });

    await expect(enrolling).rejects.toMatchObject({ stage: "Authenticate", status: 403 });
    expect((await device.idle()).status).toBe(200);
  });

  test("is not taken up by another device's identity", async () => {
    const [victim, liar] = [await lostDevice(), await enrolledDevice()];

    liar.claimToBe(victim);

    expect((await liar.idle()).status).toBe(403);
    expect(await objectOf(victim).describe()).toBeUndefined();
  });

  test("keeps its profile even where unknown devices are told to drop it", async () => {
    await ask("PATCH", "/api/v1/settings", { json: { unknown_device: "unenroll" } });
    const [victim, liar] = [await lostDevice(), await enrolledDevice()];
    liar.claimToBe(victim);

    expect((await liar.idle()).status).toBe(403);
    expect(liar.isEnrolled).toBe(true);
    await ask("PATCH", "/api/v1/settings", { json: { unknown_device: "refuse" } });
  });
});

describe("nobody takes up again", () => {
  test("a device that an administrator deleted", async () => {
    const device = await enrolledDevice();
    await alarmOf(device);

    expect((await ask("DELETE", `/api/v1/devices/${device.id}?force=true`)).status).toBe(204);

    expect((await device.idle()).status).toBe(403);
    expect(await objectOf(device).describe()).toBeUndefined();
    expect(await stateOf(device)).toBe(404);
  });

  test("a device that was deleted while its request was being answered", async () => {
    const device = await enrolledDevice();
    await alarmOf(device);
    const row = await env.DB.prepare("SELECT * FROM devices WHERE id = ?").bind(device.id).first();
    await objectOf(device).forget();

    // What its request read of the directory a moment before.
    const kept = Object.entries(row ?? {}).filter(([name]) => !name.endsWith("_key") || name === "os_key");
    const columns = kept.map(([name]) => name);
    await env.DB.prepare(`INSERT INTO devices (${columns}) VALUES (${columns.map(() => "?")})`)
      .bind(...kept.map(([, value]) => value))
      .run();

    expect((await device.idle()).status).toBe(403);
  });

  test("a device that has left", async () => {
    const device = await enrolledDevice();
    // It says that it goes, and stays: its profile could not be removed.
    expect((await device.checkIn(checkOut(device.ids, topic))).status).toBe(200);
    await loseObject(device);

    expect((await device.idle()).status).toBe(403);
    expect(await stateOf(device)).toBe("unenrolled");
  });
});
