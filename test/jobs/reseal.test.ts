import { abortAllDurableObjects, evictAllDurableObjects, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, test } from "vitest";
import { readSettings } from "../../src/admin/settings.ts";
import { toBase64, utf8 } from "../../src/base/bytes.ts";
import { credentialOf, loadAuthorities } from "../../src/enrollment/authority.ts";
import { masterKeys } from "../../src/pki/master.ts";
import { openText, sealText, trusted } from "../../src/pki/seal.ts";
import { deviceContext } from "../../src/pki/seal-contexts.ts";
import { ask } from "../support/admin.ts";
import type { AppleDevice } from "../support/apple-device.ts";
import { brokenDatabase } from "../support/broken-database.ts";
import { alarmOf, enrolledDevice, give, objectOf } from "../support/fleet.ts";
import { finish, jobObject, nextPage, run, withBindings } from "../support/jobs.ts";
import { bindings, deployWith, newKey } from "../support/master-key.ts";

const rotate = async (): Promise<string> => {
  const current = newKey();
  await deployWith(current, bindings.MASTER_KEY);
  return current;
};

const keyId = async () => (await masterKeys(env)).current.id;

/** A device with something in every table of its object that holds sealed values. */
async function fullDevice(): Promise<{ device: AppleDevice; waiting: string; small: string; large: string }> {
  const device = await enrolledDevice("mac");
  await device.setBootstrapToken(utf8("bootstrap"));
  const small = await give(device, "SecurityInfo");
  await device.idle();
  await device.acknowledge(small, { SecurityInfo: { FDE_Enabled: true } });
  const large = await give(device, "InstalledApplicationList");
  await device.idle();
  await device.acknowledge(large, { Noise: noise(1_500_000) });
  const waiting = await give(device, "DeviceInformation");
  await alarmOf(device);
  return { device, waiting, small, large };
}

const noise = (length: number): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 60_000) {
    crypto.getRandomValues(bytes.subarray(at, Math.min(at + 60_000, length)));
  }
  return bytes;
};

async function archive(deviceId: string, secret: string): Promise<void> {
  const sealed = await sealText(
    trusted(await masterKeys(env)),
    deviceContext(deviceId, "escrow", ["unlock-token"]),
    utf8(secret),
  );
  await env.DB.prepare(
    "INSERT INTO escrow_archive (device_id, stored_at, number, serial, name, generation, sealed, archived_at) VALUES (?, 1, 1, 'S', 'unlock-token', 1, ?, 2)",
  )
    .bind(deviceId, sealed)
    .run();
}

const archived = async (deviceId: string) => {
  const row = await env.DB.prepare("SELECT sealed FROM escrow_archive WHERE device_id = ?")
    .bind(deviceId)
    .first<{ sealed: string }>();
  const context = deviceContext(deviceId, "escrow", ["unlock-token"]);
  return openText(await masterKeys(env), context, row?.sealed ?? "");
};

/** Everything that is secret, read with the keys of the present deployment. */
async function secretsOf({ device, waiting, small, large }: Awaited<ReturnType<typeof fullDevice>>) {
  const object = objectOf(device);
  const [issuing] = await loadAuthorities(env, Date.now());
  return {
    bootstrap: (await object.readEscrow("bootstrap-token")).map(({ value }) => toBase64(value)),
    commands: await Promise.all(
      [waiting, small, large].map(async (uuid) => {
        const whole = await object.readCommand("", uuid);
        return [
          whole?.body?.length,
          whole?.result && toBase64(whole.result).slice(-200),
          whole?.result?.length,
        ];
      }),
    ),
    messages: [
      (await object.readMessage("Authenticate", ""))?.length,
      (await object.readMessage("TokenUpdate", ""))?.length,
    ],
    setting: (await readSettings(env)).static_challenge,
    authority: issuing && (await credentialOf(env, issuing)).pkcs8.length,
    archived: await archived(device.id),
  };
}

afterEach(async () => {
  await jobObject("reseal").cancel("test");
  // The next test begins with one key, everything under it.
  await deployWith(bindings.MASTER_KEY);
});

describe("a change of the master key", () => {
  test("moves everything that is sealed, says so, and the key before is not needed any more", async () => {
    await ask("PATCH", "/api/v1/settings", { json: { static_challenge: "a-challenge-for-all" } });
    const full = await fullDevice();
    await archive(full.device.id, "unlock me");
    await ask("POST", "/api/v1/tokens", {
      json: { name: "kept", role: "viewer" },
      headers: { "Idempotency-Key": "once" },
    });
    const before = await secretsOf(full);

    const current = await rotate();
    const report = await run("reseal");
    await deployWith(current);

    expect(report.outcome).toBe(
      `nothing is left under another master key than ${await keyId()}: MASTER_KEY_PREVIOUS may be removed`,
    );
    expect(report).toMatchObject({ state: "done", remarkCount: 0 });
    expect(report.counts).toMatchObject({
      passes: 2,
      "settings.value": 1,
      "authorities.sealed_key": 1,
      "escrow_archive.sealed": 1,
      "idempotency_keys.request_sealed": 1,
      "idempotency_keys.answer_sealed": 1,
      "device.queue.body": 1,
      "device.finished.body": expect.any(Number),
      "device.finished.result": expect.any(Number),
      "device.result_parts.data": 2,
      "device.escrow.value": 1,
      "device.messages.body": expect.any(Number),
    });
    expect(await secretsOf(full)).toEqual(before);
    expect(before.bootstrap).toHaveLength(1);
    expect(before.setting).toBe("a-challenge-for-all");
  });

  test("loses nothing that devices and administrators do meanwhile", async () => {
    const full = await fullDevice();
    await rotate();
    await jobObject("reseal").start({ by: "test" });
    await nextPage("reseal");

    const during = await give(full.device, "ProfileList");
    await full.device.converse(() => ({ status: "Acknowledged" }));
    const { state } = await finish("reseal");
    await deployWith(bindings.MASTER_KEY);

    expect(state).toBe("done");
    expect((await objectOf(full.device).readCommand("", full.waiting))?.header.state).toBe("acknowledged");
    expect((await objectOf(full.device).readCommand("", during))?.result?.length).toBeGreaterThan(0);
  });

  test("done again moves nothing and harms nothing", async () => {
    const full = await fullDevice();
    await rotate();
    await run("reseal");
    const before = await env.DB.prepare("SELECT id, sealed_key FROM authorities").all();

    const { state, counts } = await run("reseal");

    expect(state).toBe("done");
    expect(counts).toEqual({ passes: 1 });
    expect((await env.DB.prepare("SELECT id, sealed_key FROM authorities").all()).results).toEqual(
      before.results,
    );
    expect(await objectOf(full.device).readEscrow("bootstrap-token")).toHaveLength(1);
  });

  test("without a change there is nothing to move", async () => {
    const { state, counts } = await run("reseal");

    expect(state).toBe("done");
    expect(counts).toEqual({ passes: 1 });
  });

  test("that happens again half way is followed to the newest key", async () => {
    const full = await fullDevice();
    await rotate();
    await jobObject("reseal").start({ by: "test" });
    for (let page = 0; page < 3; page++) await nextPage("reseal");
    await finish("reseal");

    await rotate();
    await run("reseal");
    await deployWith(bindings.MASTER_KEY);

    expect(await objectOf(full.device).readEscrow("bootstrap-token")).toHaveLength(1);
  });
});

describe("a previous key that is wrong", () => {
  test("is a clear failure, and what does not open stays as it was", async () => {
    const full = await fullDevice();
    await archive(full.device.id, "unlock me");
    const right = bindings.MASTER_KEY;
    const rightId = await keyId();
    const before = await env.DB.prepare("SELECT sealed FROM escrow_archive").all();
    const current = newKey();

    await deployWith(current, newKey());
    const failed = await run("reseal");

    expect(failed.state).toBe("failed");
    expect(failed.outcome).toBe(
      `values are sealed under master key ${rightId}, which is missing: set that key as MASTER_KEY_PREVIOUS, and start again`,
    );
    expect((await env.DB.prepare("SELECT sealed FROM escrow_archive").all()).results).toEqual(before.results);

    await deployWith(current, right);
    const done = await run("reseal");

    expect(done.state).toBe("done");
    expect(done.counts["device.escrow.value"]).toBeGreaterThan(0);
    await deployWith(current);
    expect(await objectOf(full.device).readEscrow("bootstrap-token")).toHaveLength(1);
  });

  test("that was removed too early is named as well", async () => {
    const right = bindings.MASTER_KEY;
    const current = newKey();
    await deployWith(current);

    const failed = await run("reseal");
    expect(failed.state).toBe("failed");

    await deployWith(current, right);
    expect((await run("reseal")).state).toBe("done");
  });

  test("does not hide that one value was altered: the others move", async () => {
    const device = await enrolledDevice("mac");
    await device.setBootstrapToken(utf8("bootstrap"));
    await runInDurableObject(objectOf(device), (_, { storage }) => {
      storage.sql.exec(
        "INSERT INTO escrow SELECT 99, name, user_id, generation, 1, null, 1, substr(value, 1, 40) FROM escrow",
      );
    });
    await rotate();

    const { state, counts, remarks } = await run("reseal");

    expect(state).toBe("failed");
    expect(counts["device.messages.body"]).toBeGreaterThan(0);
    expect(remarks.find(({ about }) => about === device.id)?.detail).toMatch(
      /^1 values stay: escrow\.value: not a escrow/,
    );
    await runInDurableObject(objectOf(device), (_, { storage }) => {
      storage.sql.exec("DELETE FROM escrow WHERE id = 99");
    });
    expect((await run("reseal")).state).toBe("done");
  });
});

describe("a run that is disturbed", () => {
  test("goes on after D1 failed, and after the process died between any two pages", async () => {
    const full = await fullDevice();
    await rotate();
    await jobObject("reseal").start({ by: "test" });
    await withBindings("reseal", { DB: brokenDatabase() });
    await nextPage("reseal");
    expect(await jobObject("reseal").status()).toMatchObject({ state: "running", faults: 1 });

    for (let page = 0; page < 150; page++) {
      await abortAllDurableObjects();
      if ((await jobObject("reseal").status())?.state !== "running") break;
      await nextPage("reseal");
    }

    const report = await jobObject("reseal").status();
    expect(report).toMatchObject({ state: "done", faults: 0 });
    await deployWith(bindings.MASTER_KEY);
    expect(await objectOf(full.device).readEscrow("bootstrap-token")).toHaveLength(1);
  });

  test("waits for an object that is awake since before the change, and asks it again", async () => {
    const device = await enrolledDevice();
    const before = bindings.MASTER_KEY;
    const current = newKey();
    await deployWith(current, before);
    // Awake with the old key alone, as an object of the deployment before.
    bindings.MASTER_KEY = before;
    bindings.MASTER_KEY_PREVIOUS = undefined;
    await objectOf(device).describe();
    bindings.MASTER_KEY = current;
    bindings.MASTER_KEY_PREVIOUS = before;

    await jobObject("reseal").start({ by: "test" });
    for (let page = 0; page < 150; page++) {
      await nextPage("reseal");
      const { state, dueAt = 0, counts = {} } = (await jobObject("reseal").status()) ?? {};
      if (state !== "running" || ((counts.passes ?? 0) > 1 && dueAt > Date.now() + 60_000)) break;
    }
    const waiting = await jobObject("reseal").status();
    expect(waiting?.state).toBe("running");
    expect(waiting?.remarks[0]).toMatchObject({
      about: device.id,
      detail: expect.stringContaining("still seals under master key"),
    });

    await evictAllDurableObjects();
    expect((await finish("reseal")).state).toBe("done");
  });

  test("moves a queue larger than one call and one page do", async () => {
    const device = await enrolledDevice();
    await give(device, "ProfileList");
    await runInDurableObject(objectOf(device), (_, { storage }) => {
      storage.sql.exec(
        `INSERT INTO queue (id, user_id, uuid, request_type, state, high, renewal, queued_at, origin, body)
         SELECT queue.id + value, user_id, uuid, request_type, 'queued', 0, 0, 1, 'test', body
         FROM queue, json_each(?)`,
        JSON.stringify(Array.from({ length: 1_200 }, (_item, n) => n + 1)),
      );
    });
    await rotate();

    const { state, counts } = await run("reseal");

    expect(state).toBe("done");
    expect(counts["device.queue.body"]).toBeGreaterThanOrEqual(1_201);
  });
});
