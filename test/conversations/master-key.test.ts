import { env } from "cloudflare:workers";
import { afterEach, describe, expect, test } from "vitest";
import { fromUtf8, utf8 } from "../../src/base/bytes.ts";
import { masterKeys } from "../../src/pki/master.ts";
import { ask } from "../support/admin.ts";
import type { AppleDevice } from "../support/apple-device.ts";
import { brokenDatabase } from "../support/broken-database.ts";
import {
  alarmOf,
  enrolledDevice,
  give,
  invite,
  newDevice,
  objectOf,
  outboxOf,
  rewrite,
  stateOf,
} from "../support/fleet.ts";
import { run } from "../support/jobs.ts";
import { bindings, deployWith, newKey } from "../support/master-key.ts";

const right = bindings.MASTER_KEY;
const idOf = async () => (await masterKeys(env)).current.id;

afterEach(async () => {
  env.DB = realDatabase;
  await deployWith(right);
  await env.DB.prepare("DELETE FROM master_keys WHERE key_id <> ?")
    .bind(await idOf())
    .run();
});
const realDatabase = env.DB;

const tokens = async (device: AppleDevice) =>
  (await objectOf(device).readEscrow("bootstrap-token")).map(({ value }) => fromUtf8(value));

describe("a deployment under a wrong master key", () => {
  test("is not ready, and says which key it needs", async () => {
    await enrolledDevice();
    const needed = await idOf();
    await deployWith(newKey());

    const { status, json } = await ask("GET", "/readyz");

    expect(status).toBe(503);
    expect(json.problems).toContainEqual({
      name: "MASTER_KEY",
      problem: `values are sealed under master key ${needed}, but this deployment has ${await idOf()}`,
      remedy: expect.stringContaining("edgemdm-recovery.json"),
    });
    await deployWith(right);
    const { json: after } = await ask("GET", "/readyz");
    expect(JSON.stringify(after)).not.toContain("MASTER_KEY");
  });

  test("uses up no delivery of a command: it is sent when the key is back", async () => {
    const device = await enrolledDevice();
    const uuid = await give(device, "DeviceLock");
    await deployWith(newKey());

    const answers = [await device.idle(), await device.idle(), await device.idle()];

    expect(answers.map(({ status, body }) => [status, body.length])).toEqual(Array(3).fill([503, 0]));
    expect(answers[0]?.headers.get("retry-after")).toBe("60");
    await deployWith(right);
    expect(await stateOf(device, uuid)).toBe("queued");
    expect((await device.idle()).command?.uuid).toBe(uuid);
    expect((await device.idle()).command?.uuid).toBe(uuid);
  });

  test("takes no bootstrap token that it would lose: the device keeps it, and sends it later", async () => {
    const mac = await enrolledDevice("mac");
    await mac.setBootstrapToken(utf8("first"));
    await deployWith(newKey());

    expect((await mac.setBootstrapToken(utf8("second"))).status).toBe(503);

    await deployWith(right);
    expect(await tokens(mac)).toEqual(["first"]);
    expect((await mac.setBootstrapToken(utf8("second"))).status).toBe(200);
    expect(await tokens(mac)).toEqual(["second"]);
  });

  test("takes no answer to a command that it could not keep", async () => {
    const device = await enrolledDevice();
    const uuid = await give(device, "RestartDevice");
    await device.idle();
    await deployWith(newKey());

    expect((await device.acknowledge(uuid)).status).toBe(503);

    await deployWith(right);
    expect(await stateOf(device, uuid)).toBe("sent");
    expect((await device.acknowledge(uuid)).status).toBe(200);
    expect(await stateOf(device, uuid)).toBe("acknowledged");
  });

  test("enrolls nobody, and spends no challenge on it", async () => {
    const invitation = await invite();
    const device = newDevice();
    await deployWith(newKey());

    await expect(device.enroll(invitation)).rejects.toThrow("503");

    await deployWith(right);
    await device.enroll(invitation);
    expect((await objectOf(device).describe())?.state).toBe("enrolled");
  });

  test("refuses administrators what it would seal, by name, and keeps nothing of it", async () => {
    const device = await enrolledDevice();
    await alarmOf(device);
    await deployWith(newKey());
    const posts: [string, string, unknown][] = [
      ["POST", `/api/v1/devices/${device.id}/commands`, { request_type: "ProfileList" }],
      ["POST", "/api/v1/batches", { request_type: "ProfileList", targets: { ids: [device.id] } }],
      ["PATCH", "/api/v1/settings", { static_challenge: "sealed-under-a-wrong-key" }],
      ["POST", "/api/v1/authorities", {}],
      ["POST", "/api/v1/push-certificate-requests", { account: "it@example.com" }],
    ];

    for (const [method, path, json] of posts) {
      const answer = await ask(method, path, { json });

      expect([path, answer.status, answer.json?.type]).toEqual([
        path,
        503,
        "/api/docs#problem-misconfigured",
      ]);
      expect(answer.json.problems[0].name).toBe("MASTER_KEY");
    }
    await deployWith(right);
    const listed = await objectOf(device).listCommands("", 10);
    expect(listed.ok && listed.value).toEqual([]);
    expect((await ask("GET", "/api/v1/batches")).json.items).toEqual([]);
  });

  test("gives up no answer that it cannot read: the alarm waits for the key", async () => {
    const device = await enrolledDevice("iphone", { ade: true });
    await give(device, "DeviceInformation", { Queries: ["IsSupervised"] });
    await device.converse();
    await deployWith(newKey());

    for (let tries = 0; tries < 12; tries++) await alarmOf(device);

    await deployWith(right);
    await alarmOf(device);
    expect((await objectOf(device).describe())?.traits).toMatchObject({ supervised: true });
  });

  test("does not forget a device whose secrets it cannot keep", async () => {
    const mac = await enrolledDevice("mac");
    await mac.checkOut();
    await alarmOf(mac);
    await deployWith(newKey());

    const refused = await ask("DELETE", `/api/v1/devices/${mac.id}`);
    expect([refused.status, refused.json.problems[0].name]).toEqual([503, "MASTER_KEY"]);

    await deployWith(right);
    expect((await ask("GET", `/api/v1/devices/${mac.id}`)).status).toBe(200);
  });
});

describe("a change of the master key", () => {
  test("serves and seals from the first moment; the key before may go only when nothing lies under it", async () => {
    const device = await enrolledDevice("mac");
    await device.setBootstrapToken(utf8("mine"));
    const next = newKey();
    await deployWith(next, right);

    const uuid = await give(device, "SecurityInfo");
    expect((await device.idle()).command?.uuid).toBe(uuid);

    // Too early: nothing under the former key is at hand.
    await deployWith(next);
    expect((await ask("GET", "/readyz")).json.problems[0].name).toBe("MASTER_KEY");
    expect(
      (await ask("PATCH", "/api/v1/settings", { json: { static_challenge: "too-early-for-this" } })).status,
    ).toBe(503);

    // Back to the key before: what was sealed under the new one is not at hand either.
    await deployWith(right);
    expect(
      (await ask("PATCH", "/api/v1/settings", { json: { static_challenge: "too-late-for-this-" } })).status,
    ).toBe(503);

    await deployWith(next, right);
    expect((await run("reseal")).state).toBe("done");
    await deployWith(next);
    expect(JSON.stringify((await ask("GET", "/readyz")).json)).not.toContain("MASTER_KEY");
    expect(await tokens(device)).toEqual(["mine"]);

    await deployWith(right, next);
    expect((await run("reseal")).state).toBe("done");
  });

  test("a command under the key before waits while that key is missing, and ends when it is given up", async () => {
    const device = await enrolledDevice();
    const old = await give(device, "ProfileList");
    const next = newKey();
    await deployWith(next, right);
    const fresh = await give(device, "SecurityInfo");

    await deployWith(next);
    expect((await device.idle()).status).toBe(503);
    expect(await stateOf(device, old)).toBe("queued");

    await env.DB.prepare("DELETE FROM master_keys WHERE key_id <> ?")
      .bind(await idOf())
      .run();
    expect((await device.idle()).command?.uuid).toBe(fresh);
    const ended = await objectOf(device).readCommand("", old);
    expect(ended?.header).toMatchObject({ state: "error", error: expect.stringContaining("does not open") });
    await env.DB.prepare("DELETE FROM master_keys").run();
  });
});

test("a device that connects asks nobody about the key, also while D1 is away", async () => {
  const device = await enrolledDevice();
  await device.idle();
  await deployWith(right);
  env.DB = brokenDatabase();

  expect((await device.idle()).status).toBe(200);
});

test("a command whose text was altered ends with an error, and does not keep the next from the device", async () => {
  const device = await enrolledDevice();
  const spoilt = await give(device, "ProfileList");
  const next = await give(device, "SecurityInfo");
  await rewrite(device, "UPDATE queue SET body = substr(body, 1, 40) WHERE uuid = ?", spoilt);

  expect((await device.idle()).command?.uuid).toBe(next);

  const { header, body } = (await objectOf(device).readCommand("", spoilt)) ?? {};
  expect(header).toMatchObject({ state: "error", error: expect.stringContaining("its text does not open") });
  expect(body).toBeUndefined();
  expect(await outboxOf(device)).toContainEqual(
    expect.objectContaining({
      name: "command.finished",
      detail: expect.objectContaining({ uuid: spoilt, state: "error" }),
    }),
  );
});
