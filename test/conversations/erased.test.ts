import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { ask } from "../support/admin.ts";
import { failed, plausibleAnswer } from "../support/apple-device.ts";
import { settle } from "../support/assignment.ts";
import { alarmOf, enrolledDevice, give, invite, outboxOf } from "../support/fleet.ts";

/** A device that we erased is free to start over. */
beforeAll(async () => {
  await invite();
});

const read = async (device: { id: string }) => (await ask("GET", `/api/v1/devices/${device.id}`)).json;

/** What it told arrives in the directory. */
async function told(device: { id: string }): Promise<void> {
  while ((await outboxOf(device)).length > 0) await alarmOf(device);
}

async function erasedDevice(payload = {}) {
  const phone = await enrolledDevice("iphone");
  await settle(phone);
  await give(phone, "EraseDevice", payload);
  await give(phone, "DeviceInformation", { Queries: ["DeviceName"] });
  const turns = await phone.converse();
  await told(phone);
  return { phone, turns };
}

test("it shows as erased, with its time, in the object, the list and the events, and gets nothing more", async () => {
  const { phone, turns } = await erasedDevice();

  expect(turns.map(({ command }) => command.requestType)).toEqual(["EraseDevice"]);
  const shown = await read(phone);
  expect(shown).toMatchObject({ state: "erased", erased_at: expect.any(String) });
  expect(shown.unenrolled_at).toBe(shown.erased_at);
  const listed = (await ask("GET", "/api/v1/devices?state=erased")).json.items;
  expect(listed.map(({ id }: { id: string }) => id)).toContain(phone.id);
  const { results } = await env.DB.prepare("SELECT name FROM events WHERE device_id = ?")
    .bind(phone.id)
    .all();
  expect(results.map(({ name }) => name)).toContain("device.erased");
  const refused = await ask("POST", `/api/v1/devices/${phone.id}/commands`, {
    json: { request_type: "DeviceInformation", payload: { Queries: ["DeviceName"] } },
  });
  expect(refused.status).toBe(409);
  expect(refused.json.detail).toContain("erased");
});

test("it enrolls again by any challenge, which an enrolled device does not", async () => {
  const enrolled = await enrolledDevice("iphone");
  const { phone } = await erasedDevice();

  await expect(enrolled.enroll(await invite())).rejects.toThrow();
  await phone.enroll(await invite());
  await told(phone);

  expect(await read(phone)).toMatchObject({
    state: "enrolled",
    generation: 2,
    erased_at: null,
    unenrolled_at: null,
  });
});

test("but not by a challenge that names another device", async () => {
  const { phone } = await erasedDevice();

  await expect(phone.enroll(await invite({ serial: "ANOTHER00001" }))).rejects.toThrow();
  await told(phone);
  expect((await read(phone)).state).toBe("erased");
});

test("an EraseDevice that the device refused, or has yet to answer, changes nothing", async () => {
  const phone = await enrolledDevice("iphone", {
    policy: (command, device) =>
      command.requestType === "EraseDevice"
        ? failed(12021, "The device cannot be erased now.")
        : plausibleAnswer(command, device),
  });
  await give(phone, "EraseDevice");
  expect((await read(phone)).state).toBe("enrolled");
  await phone.converse();
  await settle(phone);
  expect((await read(phone)).state).toBe("enrolled");
});
