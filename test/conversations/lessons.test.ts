import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { fromUtf8 } from "../../src/base/bytes.ts";
import { escrowCertificate, makeEscrowCertificate } from "../../src/enrollment/escrow-certificates.ts";
import { type AppleDevice, failed } from "../support/apple-device.ts";
import { alarmOf, enrolledDevice, give, objectOf, outboxOf } from "../support/fleet.ts";

const escrowed = async (device: AppleDevice, name: string) =>
  (await objectOf(device).readEscrow(name)).map(({ value }) => fromUtf8(value));

const requestTypes = async (device: AppleDevice) => {
  const listed = await objectOf(device).describe();
  const types = await runInDurableObject(objectOf(device), (_, state) =>
    state.storage.sql.exec<{ request_type: string }>("SELECT request_type FROM queue ORDER BY id").toArray(),
  );
  return listed ? types.map(({ request_type }) => request_type) : [];
};

async function answer(device: AppleDevice, requestType: string, payload: Parameters<typeof give>[2] = {}) {
  const uuid = await give(device, requestType, payload);
  await device.converse();
  await alarmOf(device);
  return uuid;
}

describe("what an answer teaches", () => {
  test("a supervised device is asked for its bypass code at once, and the code goes to escrow", async () => {
    const device = await enrolledDevice("iphone", { ade: true });

    await answer(device, "DeviceInformation", { Queries: ["IsSupervised", "IsMultiUser"] });

    expect((await objectOf(device).describe())?.traits).toMatchObject({
      supervised: true,
      sharedIpad: false,
    });
    expect(await requestTypes(device)).toEqual(["ActivationLockBypassCode"]);
    await device.converse();
    await alarmOf(device);
    expect(await escrowed(device, "activation-lock-bypass")).toEqual([
      `${device.hardware.serialNumber}-BYPASS-CODE`,
    ]);
  });

  test("it is asked once an enrollment, whatever became of it", async () => {
    const device = await enrolledDevice("iphone", { ade: true });
    await answer(device, "DeviceInformation", { Queries: ["IsSupervised"] });
    await device.converse(() => failed(12021, "Not now."));
    await answer(device, "DeviceInformation", { Queries: ["IsSupervised"] });

    // It still waits in Setup Assistant, which the server ends.
    expect((await requestTypes(device)).filter((type) => type !== "DeviceConfigured")).toEqual([]);
  });

  test("a device that is not supervised is not asked", async () => {
    const device = await enrolledDevice("iphone");

    await answer(device, "DeviceInformation", { Queries: ["IsSupervised"] });

    expect((await objectOf(device).describe())?.traits).toMatchObject({ supervised: false });
    expect(await requestTypes(device)).toEqual([]);
  });

  test("a Mac's recovery key is opened and stored once, even if it is reported often", async () => {
    const mac = await enrolledDevice("mac");
    mac.state.escrowCertificate = await escrowCertificate(env);

    await answer(mac, "SecurityInfo");
    await answer(mac, "SecurityInfo");

    expect(await escrowed(mac, "filevault-key")).toEqual(["AAAA-BBBB-CCCC-DDDD-EEEE-FFFF"]);
  });

  test("a key encrypted to an older escrow certificate is opened as well", async () => {
    const mac = await enrolledDevice("mac");
    mac.state.escrowCertificate = await escrowCertificate(env);
    await makeEscrowCertificate(env, "Example", false, Date.now());

    await answer(mac, "SecurityInfo");
    mac.state.escrowCertificate = await escrowCertificate(env);
    mac.state.recoveryKey = "1111-2222-3333-4444-5555-6666";
    await answer(mac, "SecurityInfo");

    expect(await escrowed(mac, "filevault-key")).toEqual([
      "1111-2222-3333-4444-5555-6666",
      "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF",
    ]);
  });

  test("a setting that failed within an acknowledged command is told", async () => {
    const mac = await enrolledDevice("mac");

    const uuid = await give(mac, "Settings", {
      Settings: [
        { Item: "DeviceName", DeviceName: "New" },
        { Item: "Nonsense", Enabled: true },
      ],
    });
    await mac.converse();
    // The alarm learns and then delivers: what it told is in D1.
    await alarmOf(mac);

    const query = "SELECT detail FROM events WHERE device_id = ? AND name = 'command.partly_failed'";
    const { results } = await env.DB.prepare(query).bind(mac.id).all<{ detail: string }>();
    expect(results.map(({ detail }) => JSON.parse(detail))).toMatchObject([
      { uuid, request_type: "Settings", part: expect.stringContaining("Nonsense") },
    ]);
    expect(await outboxOf(mac)).toEqual([]);
  });
});

describe("when reading an answer fails", () => {
  test("it is tried again later, and the device is served meanwhile", async () => {
    const mac = await enrolledDevice("mac");
    mac.state.escrowCertificate = await escrowCertificate(env);
    const breakDatabase = (database: unknown) =>
      runInDurableObject(objectOf(mac), (instance) => {
        Object.defineProperty(instance, "env", { value: { ...env, DB: database }, configurable: true });
      });
    await breakDatabase(undefined);

    await answer(mac, "SecurityInfo");

    const due = await runInDurableObject(objectOf(mac), (_, state) =>
      state.storage.sql
        .exec<{ due_at: number; attempts: number }>("SELECT due_at, attempts FROM unread_results")
        .one(),
    );
    expect(due.attempts).toBe(1);
    expect(due.due_at).toBeGreaterThan(Date.now() + 30_000);
    expect((await mac.idle()).status).toBe(200);

    await breakDatabase(env.DB);
    await runInDurableObject(objectOf(mac), (_, state) => {
      state.storage.sql.exec("UPDATE unread_results SET due_at = 0");
    });
    await alarmOf(mac);

    expect(await escrowed(mac, "filevault-key")).toHaveLength(1);
  });
});

test("reading an answer costs two rows more than not reading it", async () => {
  const device = await enrolledDevice();
  await alarmOf(device);
  await answer(device, "SecurityInfo");
  const rows = async () => (await objectOf(device).describe())?.rowsWritten ?? 0;
  const before = await rows();

  await answer(device, "SecurityInfo");

  expect((await rows()) - before).toBeLessThanOrEqual(10);
});
