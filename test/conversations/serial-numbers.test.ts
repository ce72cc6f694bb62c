import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, test } from "vitest";
import { patchSettings } from "../../src/admin/settings.ts";
import { batchObject } from "../../src/commands/batch-object.ts";
import { startAssigning } from "../../src/library/start-assigning.ts";
import { ask } from "../support/admin.ts";
import type { AppleDevice } from "../support/apple-device.ts";
import { giveSets, libraryProfile, putSet, settle } from "../support/assignment.ts";
import { enrolledDevice, invite, newDevice, objectOf, toldBy } from "../support/fleet.ts";

const described = (device: AppleDevice) => objectOf(device).describe();
const shown = async (device: AppleDevice) => (await ask("GET", `/api/v1/devices/${device.id}`)).json;
const flagged = () => patchSettings(env, { serial_conflict: "flag" }, Date.now());

afterEach(async () => {
  await patchSettings(env, { serial_conflict: "refuse", trust_reported_identifiers: false }, Date.now());
});

/** Another machine that says it has this one's serial number. */
function namesake(device: AppleDevice): AppleDevice {
  const other = newDevice("mac");
  other.hardware = { ...other.hardware, serialNumber: device.hardware.serialNumber };
  return other;
}

/** Gets an identity for itself and speaks as far as Authenticate. */
async function announced(device: AppleDevice, issuedFor: Record<string, unknown> = {}) {
  const source = await invite(issuedFor);
  device.line.identity = await device.requestIdentity(source.scepUrl, source.challenge, true);
  device.line.management = { ...(await enrolledDevice()).line.managed };
  return device.authenticate();
}

const telling = async <Answer>(
  device: AppleDevice,
  serialNumber: string | undefined,
  speak: () => Promise<Answer>,
): Promise<Answer> => {
  const { hardware } = device;
  device.hardware = { ...hardware, serialNumber: serialNumber as string };
  const answer = await speak();
  device.hardware = hardware;
  return answer;
};

/** As if it had been claimed an hour ago. */
const ageClaims = () => env.DB.prepare("UPDATE serial_claims SET claimed_at = claimed_at - 3600000").run();

describe("a challenge that names a serial number", () => {
  test("needs it in the Authenticate", async () => {
    const device = newDevice("mac");
    const { serialNumber } = device.hardware;
    const silent = await telling(device, undefined, () => announced(device, { serial: serialNumber }));
    expect(silent.status).toBe(403);
    expect(await described(device)).toBeUndefined();

    expect((await device.authenticate()).status).toBe(200);
  });

  test("is not held against one Authenticate while another one is believed", async () => {
    const device = newDevice("mac");
    const { serialNumber } = device.hardware;
    await announced(device, { serial: serialNumber });

    expect((await telling(device, "C99VICTIM", () => device.authenticate())).status).toBe(403);
    expect((await telling(device, undefined, () => device.authenticate())).status).toBe(403);

    await device.tokenUpdate();
    expect(await shown(device)).toMatchObject({
      serial: serialNumber,
      proven: { serial_number: "challenge", udid: null, account: null },
    });
  });

  test("proves it; without one the device only says so", async () => {
    const named = newDevice("mac");
    const { udid, serialNumber: serial } = named.hardware;
    await named.enroll(await invite({ serial, udid, account: "ada" }));
    const general = await enrolledDevice("mac");
    const byUser = await enrolledDevice("iphone", { userEnrollment: true });
    await settle(named, general);

    expect((await shown(named)).proven).toEqual({
      serial_number: "challenge",
      udid: "challenge",
      account: "ada",
    });
    const { json } = await ask("GET", `/api/v1/devices?serial=${serial}`);
    expect(json.items).toMatchObject([{ proven: { serial_number: "challenge" } }]);
    for (const device of [general, byUser]) {
      expect((await shown(device)).proven).toEqual({ serial_number: null, udid: null, account: null });
    }
  });

  test("stays proven through a renewal, which tells no other number", async () => {
    const device = newDevice("mac");
    const { serialNumber } = device.hardware;
    await device.enroll(await invite({ serial: serialNumber }));

    expect((await telling(device, "C99VICTIM", () => device.authenticate())).status).toBe(403);
    await device.renewIdentity({ challenge: (await invite({ device_id: device.id })).challenge });

    expect(await shown(device)).toMatchObject({
      serial: serialNumber,
      generation: 1,
      proven: { serial_number: "challenge" },
    });
  });
});

describe("a second device with the serial number of an enrolled one", () => {
  test("is refused, keeps nothing, and the first one has an event of it", async () => {
    const device = await enrolledDevice("mac");
    const other = namesake(device);

    await expect(other.enroll(await invite())).rejects.toMatchObject({ stage: "Authenticate", status: 403 });
    await expect(other.enroll(await invite())).rejects.toMatchObject({ stage: "Authenticate", status: 403 });

    expect(await described(other)).toBeUndefined();
    const told = (await toldBy(device)).filter(({ name }) => name === "serial_number.claimed");
    expect(told).toMatchObject([{ detail: { serial_number: device.hardware.serialNumber, by: other.id } }]);
  });

  test("is refused as well when both come at once: one of them is enrolled", async () => {
    const first = newDevice("mac");
    const second = namesake(first);
    expect((await announced(first)).status).toBe(200);
    expect((await announced(second)).status).toBe(200);

    const answers = await Promise.all([first.tokenUpdate(), second.tokenUpdate()]);

    const let_in = answers.filter(({ status }) => status === 200).length;
    const states = await Promise.all([first, second].map(async (device) => (await described(device))?.state));
    expect(let_in).toBeLessThanOrEqual(1);
    expect(states.filter((state) => state === "enrolled").length).toBe(let_in);
    const again = [(await first.tokenUpdate()).status, (await second.tokenUpdate()).status];
    expect(again.sort()).toEqual([200, 403]);
  });

  test("keeps nobody out by announcing itself", async () => {
    const device = newDevice("mac");
    await announced(namesake(device));

    await device.enroll(await invite());

    expect(await described(device)).toMatchObject({ state: "enrolled" });
  });

  test("may come once the first has left, under whatever id", async () => {
    const before = await enrolledDevice("mac");
    await before.checkOut();
    await ageClaims();
    const after = namesake(before);

    await after.enroll(await invite());

    expect(await described(after)).toMatchObject({ state: "enrolled" });
  });

  test("may come once an administrator has ended the first, which does not come back to both being enrolled", async () => {
    const before = await enrolledDevice("mac");
    await ask("POST", `/api/v1/devices/${before.id}/unenroll`, { json: { method: "answer" } });
    await ageClaims();
    await namesake(before).enroll(await invite());

    const left = await enrolledDevice("mac");
    const { managed: management, identity } = left.line;
    await left.checkOut();
    await ageClaims();
    await namesake(left).enroll(await invite());
    Object.assign(left.line, { management, identity });
    expect((await left.tokenUpdate()).status).toBe(403);
    expect(await described(left)).toMatchObject({ state: "unenrolled" });
  });

  test("takes its place where an administrator's challenge names the number", async () => {
    const before = await enrolledDevice("mac");
    const after = namesake(before);
    await ageClaims();

    await after.enroll(await invite({ serial: before.hardware.serialNumber }));

    expect(await described(after)).toMatchObject({ proven: { serial_number: "challenge" } });
    expect(await described(before)).toMatchObject({
      state: "enrolled",
      proven: { serial_number: "disputed" },
    });
    const told = (await toldBy(before)).find(({ name }) => name === "serial_number.disputed");
    expect(told?.detail).toMatchObject({ held_by: after.id });
  });

  test("is held apart where the setting says so, and does not count", async () => {
    await flagged();
    const first = await enrolledDevice("mac");
    const second = namesake(first);

    await second.enroll(await invite());

    expect(await described(first)).toMatchObject({ state: "enrolled", proven: {} });
    expect(await described(second)).toMatchObject({
      state: "enrolled",
      proven: { serial_number: "disputed" },
    });
    expect(
      (await toldBy(second)).find(({ name }) => name === "serial_number.disputed")?.detail,
    ).toMatchObject({
      held_by: first.id,
    });
  });

  test("is no matter where enrollments tell none", async () => {
    const [one, two] = [
      await enrolledDevice("iphone", { userEnrollment: true }),
      await enrolledDevice("iphone", { userEnrollment: true }),
    ];

    expect([(await described(one))?.state, (await described(two))?.state]).toEqual(["enrolled", "enrolled"]);
  });
});

describe("a set that follows a serial number or a user", () => {
  const setsOf = async (device: AppleDevice) => {
    await settle(device);
    return (await ask("GET", `/api/v1/devices/${device.id}/sets`)).json.sets.map(
      ({ name }: { name: string }) => name,
    );
  };

  test("is for the device that was vouched for, not for one that says so", async () => {
    await libraryProfile("com.example.secret");
    const [named, general] = [newDevice("mac"), newDevice("mac")];
    for (const device of [named, general]) {
      const { serialNumber: serial } = device.hardware;
      await putSet(`only ${serial}`, { profiles: ["com.example.secret"], filter: { serial } });
    }
    await named.enroll(await invite({ serial: named.hardware.serialNumber }));
    await general.enroll(await invite());

    expect(await setsOf(named)).toEqual([`only ${named.hardware.serialNumber}`]);
    expect(await setsOf(general)).toEqual([]);
  });

  test("is for both where the setting trusts what devices report, but never for a disputed one", async () => {
    await flagged();
    const device = await enrolledDevice("mac");
    const { serialNumber: serial } = device.hardware;
    const other = namesake(device);
    await other.enroll(await invite());
    await putSet(`reported ${serial}`, { filter: { serial } });
    expect([await setsOf(device), await setsOf(other)]).toEqual([[], []]);

    await ask("PATCH", "/api/v1/settings", { json: { trust_reported_identifiers: true } });
    // Not before every isolate knows the setting.
    await env.DB.prepare("UPDATE assignment_changes SET due_at = 0").run();
    await startAssigning(env);
    await settle(device, other);
    expect([await setsOf(device), await setsOf(other)]).toEqual([[`reported ${serial}`], []]);
  });

  test("by a user is for the person who was invited as that user, and not for a short name", async () => {
    await putSet("for ada", { filter: { user: "ada" } });
    const managedUser = { shortName: "ada", longName: "Ada" };
    const invited = newDevice("mac", { managedUser });
    await invited.enroll(await invite({ account: "ada" }));
    const impostor = await enrolledDevice("mac", { managedUser });

    expect(await setsOf(invited)).toEqual(["for ada"]);
    expect(await setsOf(impostor)).toEqual([]);
    await giveSets(impostor, ["for ada"]);
    expect(await setsOf(impostor)).toEqual(["for ada"]);
  });

  test("nor does a batch for a serial number reach a device that only says so", async () => {
    const device = await enrolledDevice("mac");
    await settle(device);
    const targets = { filter: { serial: device.hardware.serialNumber } };
    const reached = async (order: object) => {
      const { status, json, text } = await ask("POST", "/api/v1/batches", { json: { ...order, targets } });
      expect(status, text).toBe(201);
      const progress = async () => (await ask("GET", `/api/v1/batches/${json.id}`)).json.progress;
      while ((await progress()).next_page_at !== null) await runDurableObjectAlarm(batchObject(env, json.id));
      return (await progress()).given;
    };
    const orders = [
      { request_type: "DeviceInformation" },
      { request_type: "DeviceLock", payload: { PIN: "123456" } },
    ];

    for (const order of orders) expect(await reached(order)).toBe(0);
    expect((await device.idle()).command).toBeUndefined();

    await patchSettings(env, { trust_reported_identifiers: true }, Date.now());
    for (const order of orders) expect(await reached(order)).toBe(1);
  });
});

describe("what was given under a device's id before it enrolled", () => {
  const setsInForce = async (device: AppleDevice) => {
    await settle(device);
    const turns = await device.converse();
    return turns.flatMap(({ command }) => (command ? [command.requestType] : []));
  };
  const heldBack = async (device: AppleDevice) => (await shown(device)).held_back;

  /** Enrolled, given a set and an attribute, and gone. */
  async function formerDevice(): Promise<AppleDevice> {
    const device = await enrolledDevice("mac");
    await settle(device);
    await libraryProfile("com.example.own", { ssid: "{{attribute.room}}" });
    await putSet("own", { profiles: ["com.example.own"] });
    await ask("PATCH", `/api/v1/devices/${device.id}`, { json: { attributes: { room: "1" } } });
    await giveSets(device, ["own"]);
    await settle(device);
    await device.checkOut();
    await settle(device);
    await ageClaims();
    return device;
  }

  test("is not for a device that only says that it is this one, until an administrator confirms it", async () => {
    const former = await formerDevice();
    const impostor = newDevice("mac");
    impostor.claimToBe(former);

    await impostor.enroll({ ...(await invite()), freshKey: true });

    expect(await setsInForce(impostor)).toEqual([]);
    expect(await heldBack(impostor)).toBe(true);

    await ask("PATCH", `/api/v1/devices/${former.id}`, { json: { held_back: false } });
    expect(await heldBack(impostor)).toBe(false);
    expect(await setsInForce(impostor)).toEqual(["InstallProfile"]);
  });

  test("waits until the directory has heard of the present enrollment", async () => {
    const device = await enrolledDevice("mac");
    await settle(device);
    await libraryProfile("com.example.later");
    await putSet("later", { profiles: ["com.example.later"] });
    await env.DB.prepare("UPDATE devices SET generation = 0 WHERE id = ?").bind(device.id).run();
    await giveSets(device, ["later"]);
    expect(await setsInForce(device)).toEqual([]);

    await env.DB.prepare("UPDATE devices SET generation = 1 WHERE id = ?").bind(device.id).run();
    await giveSets(device, []);
    await giveSets(device, ["later"]);
    expect(await setsInForce(device)).toEqual(["InstallProfile"]);
  });

  test.each(["udid", "serial"] as const)("is for the device whose %s a challenge names", async (name) => {
    const device = await formerDevice();
    const { udid, serialNumber: serial } = device.hardware;

    await device.enroll({ ...(await invite({ [name]: { udid, serial }[name] })), freshKey: true });

    expect(await setsInForce(device)).toEqual(["InstallProfile"]);
    expect(await heldBack(device)).toBe(false);
  });
});
