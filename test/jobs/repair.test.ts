import { abortAllDurableObjects, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test, vi } from "vitest";
import type { AppleDevice } from "../support/apple-device.ts";
import { brokenDatabase, flakyDatabase } from "../support/broken-database.ts";
import { alarmOf, enrolledDevice, give, objectOf, outboxOf, rewrite } from "../support/fleet.ts";
import { alarmTime, finish, jobObject, nextPage, run, withBindings } from "../support/jobs.ts";

const rowOf = (device: { id: string }) =>
  env.DB.prepare("SELECT * FROM devices WHERE id = ?").bind(device.id).first();

const channelsOf = async (device: { id: string }) =>
  (
    await env.DB.prepare("SELECT user_id, enabled FROM channels WHERE device_id = ? ORDER BY user_id")
      .bind(device.id)
      .all()
  ).results;

const change = (sql: string, ...values: unknown[]) =>
  env.DB.prepare(sql)
    .bind(...values)
    .run();

async function listedDevice(): Promise<AppleDevice> {
  const device = await enrolledDevice();
  await alarmOf(device);
  return device;
}

const countsOf = async () => (await run("repair")).counts;

describe("the repair pass", () => {
  test("leaves what is right as it is", async () => {
    const device = await listedDevice();
    const before = [await rowOf(device), await channelsOf(device)];

    const { state, counts } = await run("repair");

    expect(state).toBe("done");
    expect(counts.checked).toBeGreaterThan(0);
    expect(counts.mended ?? 0).toBe(0);
    expect(await outboxOf(device)).toEqual([]);
    expect([await rowOf(device), await channelsOf(device)]).toEqual(before);
  });

  test("makes a row that was deleted again, with its channels and the words it is found by", async () => {
    const device = await listedDevice();
    const before = await rowOf(device);
    await change("DELETE FROM devices WHERE id = ?", device.id);
    await change("DELETE FROM channels WHERE device_id = ?", device.id);
    await change("DELETE FROM device_words WHERE device_id = ?", device.id);

    expect(await countsOf()).toMatchObject({ mended: 1 });
    await alarmOf(device);

    const { serial, platform, state, generation, last_seen_at } = before ?? {};
    expect(await rowOf(device)).toMatchObject({ serial, platform, state, generation, last_seen_at });
    expect(await channelsOf(device)).toEqual([{ user_id: "", enabled: 1 }]);
    const words = await env.DB.prepare("SELECT word FROM device_words WHERE device_id = ?")
      .bind(device.id)
      .all();
    expect(words.results.length).toBeGreaterThan(0);
  });

  test.each([
    ["a state", "UPDATE devices SET state = 'unenrolled' WHERE id = ?"],
    ["a generation", "UPDATE devices SET generation = 7 WHERE id = ?"],
    ["a time of the last visit", "UPDATE devices SET last_seen_at = 1000 WHERE id = ?"],
    ["a channel's state", "UPDATE channels SET enabled = 0 WHERE device_id = ?"],
    ["a channel that is not there", "DELETE FROM channels WHERE device_id = ?"],
    [
      "a channel that never was",
      "INSERT INTO channels (device_id, user_id, kind, enabled, seq) VALUES (?, 'ghost', 'user', 1, 1)",
    ],
  ])("puts right %s", async (_title, damage) => {
    const device = await listedDevice();
    const { state, generation, last_seen_at } = (await rowOf(device)) ?? {};
    await change(damage, device.id);

    expect(await countsOf()).toMatchObject({ mended: 1 });
    await alarmOf(device);

    expect(await rowOf(device)).toMatchObject({ state, generation, last_seen_at });
    expect(await channelsOf(device)).toEqual([{ user_id: "", enabled: 1 }]);
    expect((await countsOf()).mended ?? 0).toBe(0);
  });

  test("keeps what only the directory knows", async () => {
    const device = await listedDevice();
    await change("UPDATE devices SET state = 'pending', notes = 'on loan' WHERE id = ?", device.id);

    await run("repair");
    await alarmOf(device);

    expect(await rowOf(device)).toMatchObject({ state: "enrolled", notes: "on loan" });
  });

  test("waits for events that are on their way", async () => {
    const device = await listedDevice();
    // Its own alarm leaves them to the test.
    await rewrite(
      device,
      "UPDATE device SET outbox_failures = 1, outbox_retry_at = ?",
      Date.now() + 3_600_000,
    );
    await give(device, "SecurityInfo");

    expect(await countsOf()).toMatchObject({ in_transit: 1 });

    await objectOf(device).deliver();
    expect((await countsOf()).in_transit ?? 0).toBe(0);
  });

  test("has an outbox delivered that has been full for long, its alarm lost or its next try far away", async () => {
    const device = await enrolledDevice();
    await runInDurableObject(objectOf(device), async (_, { storage }) => {
      await storage.deleteAlarm();
      storage.sql.exec("UPDATE outbox SET due_at = due_at - 3600000");
      storage.sql.exec("UPDATE device SET outbox_failures = 9, outbox_retry_at = ?", Date.now() + 3_600_000);
    });

    expect(await countsOf()).toMatchObject({ delivered: 1 });

    expect(await outboxOf(device)).toEqual([]);
    expect(await rowOf(device)).toMatchObject({ state: "enrolled" });
  });

  test("tells how a command ended whose end was lost, and leaves those that wait", async () => {
    const device = await listedDevice();
    const answered = await give(device, "SecurityInfo");
    await device.converse(() => ({ status: "Acknowledged" }));
    const waiting = await give(device, "DeviceInformation");
    const forgotten = await give(device, "ProfileList", {}, { high: false });
    await alarmOf(device);
    await runInDurableObject(objectOf(device), (_, { storage }) => {
      storage.sql.exec("DELETE FROM queue WHERE uuid = ?", forgotten);
    });
    await change("UPDATE commands SET state = 'queued', finished_at = null, queued_at = 1000");

    const { counts } = await run("repair");
    await alarmOf(device);

    expect(counts.commands_mended).toBe(2);
    const rows = await env.DB.prepare("SELECT uuid, state, error FROM commands WHERE device_id = ?")
      .bind(device.id)
      .all<{ uuid: string; state: string; error: string | null }>();
    const told = new Map(rows.results.map(({ uuid, state, error }) => [uuid, { state, error }]));
    expect(told.get(answered)).toEqual({ state: "acknowledged", error: null });
    expect(told.get(waiting)).toEqual({ state: "queued", error: null });
    expect(told.get(forgotten)).toEqual({
      state: "expired",
      error: "the device's object does not know it any more",
    });
  });

  test("names a row without an object and deletes nothing", async () => {
    await change(
      "INSERT INTO devices (id, state, kind, created_at) VALUES ('GHOST', 'enrolled', 'device', 1)",
    );

    const { counts, remarks } = await run("repair");

    expect(counts.without_object).toBe(1);
    expect(remarks).toContainEqual({ about: "GHOST", detail: expect.stringContaining("is empty") });
    expect(await rowOf({ id: "GHOST" })).toMatchObject({ state: "enrolled" });
    expect(await objectOf({ id: "GHOST" }).describe()).toBeUndefined();
    await change("DELETE FROM devices WHERE id = 'GHOST'");
  });

  test("counts a device whose object fails, names it, and goes on with the others", async () => {
    const broken = await listedDevice();
    const other = await listedDevice();
    await runInDurableObject(objectOf(broken), (_, { storage }) => {
      storage.sql.exec("ALTER TABLE outbox RENAME TO elsewhere");
    });
    await change("UPDATE devices SET state = 'unenrolled' WHERE id = ?", other.id);

    const { state, counts, remarks } = await run("repair");
    await alarmOf(other);

    expect(state).toBe("done");
    expect(counts).toMatchObject({ unreachable: 1, mended: 1 });
    expect(remarks[0]?.about).toBe(broken.id);
    expect(await rowOf(other)).toMatchObject({ state: "enrolled" });
    await runInDurableObject(objectOf(broken), (_, { storage }) => {
      storage.sql.exec("ALTER TABLE elsewhere RENAME TO outbox");
    });
  });

  test("walks a fleet larger than a page, each device once", async () => {
    const many = JSON.stringify(Array.from({ length: 210 }, (_, n) => `MANY-${n}`));
    await change(
      "INSERT INTO devices (id, state, kind, created_at) SELECT value, 'pending', 'device', 1 FROM json_each(?)",
      many,
    );
    const before = await env.DB.prepare("SELECT count(*) AS n FROM devices").first<{ n: number }>();

    const { counts, pages, remarks, remarkCount } = await run("repair");

    expect(counts.checked).toBe(before?.n);
    expect(pages).toBeGreaterThanOrEqual(4);
    expect(remarkCount).toBe(210);
    expect(remarks).toHaveLength(50);
    await change("DELETE FROM devices WHERE id LIKE 'MANY-%'");
  });
});

describe("a run that is disturbed", () => {
  test("waits while D1 fails, ever longer and in plain sight, and then goes on", async () => {
    const device = await listedDevice();
    await change("UPDATE devices SET state = 'pending' WHERE id = ?", device.id);
    await jobObject("repair").start({ by: "test" });
    await withBindings("repair", { DB: brokenDatabase() });
    const waits: number[] = [];
    for (let fault = 1; fault <= 9; fault++) {
      await nextPage("repair");
      const status = await jobObject("repair").status();
      expect(status).toMatchObject({ state: "running", faults: fault, pages: 0 });
      expect(status?.lastFault).toContain("Network connection lost");
      expect(await alarmTime("repair")).toBe(status?.dueAt);
      waits.push((status?.dueAt ?? 0) - Date.now());
    }
    expect(waits[1]).toBeGreaterThan((waits[0] ?? 0) * 1.5);
    expect(waits[8]).toBeLessThanOrEqual(60 * 60_000);

    await withBindings("repair", { DB: env.DB });
    const { state, faults, lastFault, counts } = await finish("repair");
    await alarmOf(device);

    expect([state, faults, lastFault]).toEqual(["done", 0, null]);
    expect(counts.mended).toBe(1);
    expect(await rowOf(device)).toMatchObject({ state: "enrolled" });
  });

  test("does not hang with a D1 that stalls", async () => {
    await jobObject("repair").start({ by: "test" });
    const stalled = { bind: () => stalled, raw: () => new Promise(() => {}) };
    await withBindings("repair", { DB: { prepare: () => stalled } as unknown as D1Database });
    const setTimer = globalThis.setTimeout;
    // The patience with a read, a thousand times shorter.
    const impatience = vi
      .spyOn(globalThis, "setTimeout")
      .mockImplementation(((act: () => void, ms: number) =>
        setTimer(act, ms === 5_000 ? 5 : ms)) as typeof setTimeout);

    await nextPage("repair");
    impatience.mockRestore();

    expect(await jobObject("repair").status()).toMatchObject({
      faults: 1,
      lastFault: "D1 did not answer a read within 5000 ms",
    });
    await withBindings("repair", { DB: env.DB });
    expect((await finish("repair")).state).toBe("done");
  });

  test("counts nothing of a page that failed half way", async () => {
    await listedDevice();
    const { counts: whole } = await run("repair");
    const { database, failures } = flakyDatabase(/from "channels"/, 2);
    await jobObject("repair").start({ by: "test" });
    await withBindings("repair", { DB: database });

    const { counts } = await finish("repair");

    expect(failures()).toBe(2);
    expect(counts.checked).toBe(whole.checked);
  });

  test("goes on after the process died between two pages", async () => {
    const device = await listedDevice();
    await jobObject("repair").start({ by: "test" });
    await nextPage("repair");
    await change("DELETE FROM devices WHERE id = ?", device.id);
    await abortAllDurableObjects();

    const { state, counts } = await finish("repair");
    await alarmOf(device);

    expect(state).toBe("done");
    expect(counts.mended).toBe(1);
    expect(await rowOf(device)).toMatchObject({ state: "enrolled" });
  });

  test("goes on after the process died in the middle of a page, another alarm behind it", async () => {
    await listedDevice();
    await jobObject("repair").start({ by: "test" });
    let armed: number | null = null;
    const statement = {
      bind: () => statement,
      raw: async () => {
        armed = await alarmTime("repair");
        throw new Error("killed");
      },
    };
    await withBindings("repair", { DB: { prepare: () => statement } as unknown as D1Database });
    await nextPage("repair");
    await abortAllDurableObjects();

    expect(armed).toBeGreaterThan(Date.now());
    expect((await finish("repair")).state).toBe("done");
  });

  test("any call sets a lost alarm again", async () => {
    await jobObject("repair").start({ by: "test" });
    await runInDurableObject(jobObject("repair"), (_, { storage }) => storage.deleteAlarm());
    await abortAllDurableObjects();

    expect((await jobObject("repair").status())?.state).toBe("running");
    expect(await alarmTime("repair")).not.toBeNull();
    expect((await finish("repair")).state).toBe("done");
  });

  test("has one run at a time, and can be cancelled and started again", async () => {
    expect((await jobObject("repair").start({ by: "first" })).ok).toBe(true);
    const second = await jobObject("repair").start({ by: "second" });
    expect(second).toMatchObject({ ok: false, refusal: { reason: "already-running" } });

    expect(await jobObject("repair").cancel("anna")).toMatchObject({
      state: "cancelled",
      outcome: "cancelled by anna",
    });
    expect(await nextPage("repair")).toBe(false);
    expect(await jobObject("repair").cancel("anna")).toBeUndefined();
    expect((await run("repair")).state).toBe("done");
  });

  test("that is to begin again does so in the write that ends it, so that no kill comes in between", async () => {
    await jobObject("repair").start({ by: "first" });
    await jobObject("repair").start({ by: "second", orAgain: true });
    const written: string[] = [];
    await runInDurableObject(jobObject("repair"), (_, { storage }) => {
      const put = storage.kv.put.bind(storage.kv);
      vi.spyOn(storage.kv, "put").mockImplementation((key, run) => {
        written.push((run as { state: string }).state);
        put(key, run);
      });
    });

    while (await nextPage("repair"));

    expect(written.filter((state) => state === "done")).toHaveLength(1);
    expect(written.at(-1)).toBe("done");
    expect(await jobObject("repair").status()).toMatchObject({ state: "done", startedBy: "first" });
  });

  test("that is cancelled during a page stays cancelled when the page ends", async () => {
    await jobObject("repair").start({ by: "test" });
    const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const slow = {
      prepare: (sql: string) => {
        reach();
        const statement = env.DB.prepare(sql);
        return {
          bind: (...values: unknown[]) => {
            const bound = statement.bind(...values);
            return { raw: () => released.then(() => bound.raw()) };
          },
        };
      },
    } as unknown as D1Database;
    await withBindings("repair", { DB: slow });
    const page = nextPage("repair");
    await reached;

    await jobObject("repair").cancel("anna");
    release();
    await page;

    expect((await jobObject("repair").status())?.state).toBe("cancelled");
  });
});
