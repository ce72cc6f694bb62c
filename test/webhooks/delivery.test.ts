import { abortAllDurableObjects, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { ask } from "../support/admin.ts";
import { alarmOf, enrolledDevice, give } from "../support/fleet.ts";
import { drain, happen, hookObject, hookTo, hurry, lookTime, receiver, turn } from "../support/receiver.ts";

const read = async (id: string) => (await ask("GET", `/api/v1/webhooks/${id}`)).json;
const eventsOf = async (name: string) =>
  (await ask("GET", `/api/v1/events?name=${name}`)).json.items as { detail: Record<string, unknown> }[];

describe("a webhook", () => {
  test("gets what happens to a device, in order, signed", async () => {
    const there = receiver();
    const id = await hookTo(there, { topics: ["command.*"] });
    const iphone = await enrolledDevice("iphone");
    const uuid = await give(iphone, "SecurityInfo");
    await iphone.idle();
    await iphone.acknowledge(uuid);
    await alarmOf(iphone);

    await drain(id);

    expect(there.taken.map(({ json }) => [json.type, json.subject, json.data.detail.uuid])).toEqual([
      ["edgemdm.command.queued", iphone.id, uuid],
      ["edgemdm.command.finished", iphone.id, uuid],
    ]);
    expect(there.taken[0]?.json).toMatchObject({ specversion: "1.0", source: "https://mdm.example.com" });
    expect(there.taken[0]?.headers.get("content-type")).toBe("application/cloudevents+json; charset=utf-8");
  });

  test("is woken by a device that has news for it, and by no other", async () => {
    const there = receiver();
    const id = await hookTo(there, { topics: ["command.finished"] });
    await drain(id);
    await turn(id);
    await hurry(id);
    const later = await lookTime(id);
    const iphone = await enrolledDevice("iphone");

    await alarmOf(iphone);
    expect(await lookTime(id), "an enrollment is no news for it").toBe(later);

    const uuid = await give(iphone, "SecurityInfo");
    await iphone.idle();
    await iphone.acknowledge(uuid);
    await env.DB.exec("UPDATE webhooks SET awake_until = 0");
    await alarmOf(iphone);
    await expect.poll(async () => Number(await lookTime(id))).toBeLessThan(Date.now() + 5_000);
  });

  test("that looks by itself for a minute after news is not woken meanwhile", async () => {
    const there = receiver();
    const id = await hookTo(there);
    await drain(id);
    await happen([{ device: "A" }]);

    await drain(id);

    const row = await env.DB.prepare("SELECT awake_until FROM webhooks WHERE id = ?").bind(id).first();
    expect(Number(row?.awake_until)).toBeGreaterThan(Date.now() + 50_000);
    const next = Number(await lookTime(id));
    expect(next - Date.now()).toBeGreaterThan(8_000);
    expect(next - Date.now()).toBeLessThan(10_500);
  });

  test("that is down costs one try at a time, at growing intervals, and gives nothing up", async () => {
    const there = receiver();
    const id = await hookTo(there);
    await drain(id);
    there.answer = () => new Response("busy", { status: 503 });
    await happen(Array.from({ length: 60 }, (_, n) => ({ device: `D${n}` })));

    await turn(id);
    expect(there.seen.length, "it stops when six have failed").toBeLessThanOrEqual(12);
    const seen = there.seen.length;
    for (let probe = 0; probe < 20; probe++) {
      await hurry(id);
      await turn(id);
    }
    expect(there.seen.length - seen).toBe(60);
    expect(await read(id)).toMatchObject({
      state: "active",
      failing_since: expect.any(String),
      last_fault: "answered 503: busy",
      dead_letters: 0,
    });
    expect(Number(await lookTime(id)) - Date.now()).toBeGreaterThan(50 * 60_000);

    there.answer = () => new Response();
    await drain(id);
    expect(new Set(there.taken.map(({ json }) => json.subject)).size).toBe(60);
    expect(await read(id)).toMatchObject({ failing_since: null, last_fault: null });
  });

  test("waits as long as its receiver asks it to", async () => {
    const there = receiver();
    const id = await hookTo(there);
    await drain(id);
    there.answer = () => new Response(null, { status: 429, headers: { "Retry-After": "3600" } });
    await happen([{ device: "A" }]);

    await turn(id);

    expect(Number(await lookTime(id)) - Date.now()).toBeGreaterThan(3_590_000);
  });

  test.each([301, 302, 307, 308])("follows no redirect: %d is a failure", async (status) => {
    const there = receiver();
    const id = await hookTo(there);
    await drain(id);
    there.answer = () =>
      new Response(null, { status, headers: { Location: "http://169.254.169.254/latest/meta-data" } });
    await happen([{ device: "A" }]);

    await turn(id);

    expect(there.seen).toHaveLength(1);
    expect((await read(id)).last_fault).toBe(`answered ${status}`);
  });

  test("pauses at once when its receiver says that it is gone, and continues from there when resumed", async () => {
    const there = receiver();
    const id = await hookTo(there);
    await drain(id);
    there.answer = () => new Response(null, { status: 410 });
    await happen([{ device: "A" }]);

    await turn(id);

    expect(await read(id)).toMatchObject({
      state: "paused",
      paused_reason: "the receiver says that it is gone (410)",
    });
    expect(await eventsOf("webhook.paused")).toContainEqual(
      expect.objectContaining({ detail: expect.objectContaining({ webhook: id }) }),
    );
    await happen([{ device: "A" }, { device: "B" }]);
    await turn(id);
    expect(there.seen).toHaveLength(1);

    there.answer = () => new Response();
    await ask("PATCH", `/api/v1/webhooks/${id}`, { json: { state: "active" } });
    await drain(id);
    expect(there.taken.map(({ json }) => json.subject)).toEqual(expect.arrayContaining(["A", "A", "B"]));
  });

  test("pauses when its receiver has accepted nothing for five days", async () => {
    const there = receiver();
    const id = await hookTo(there);
    await drain(id);
    there.answer = () => "no answer";
    await happen([{ device: "A" }]);
    await turn(id);

    await runInDurableObject(hookObject(id), (_, { storage }) => {
      const progress = storage.kv.get<object>("progress");
      storage.kv.put("progress", { ...progress, failingSince: Date.now() - 5 * 86_400_000 });
    });
    await hurry(id);
    await turn(id);

    expect((await read(id)).paused_reason).toMatch(
      /^it has accepted nothing since .*: Network connection lost\./,
    );
  });
});

test("a restored webhook whose position is ahead of the new log begins with new events", async () => {
  const there = receiver();
  const id = await hookTo(there);
  await env.DB.prepare("UPDATE webhooks SET cursor = 1000000 WHERE id = ?").bind(id).run();
  await turn(id);
  await happen([{ device: "A" }]);

  await drain(id);

  expect(there.taken.map(({ json }) => json.subject)).toEqual(["A"]);
});

describe("a message that a working receiver refuses", () => {
  test("delays only its device, is given up after three days, and can be sent again", async () => {
    const there = receiver();
    const id = await hookTo(there);
    await drain(id);
    there.answer = ({ json }) =>
      json.data.detail.n === 1 ? new Response("no such thing", { status: 422 }) : new Response();
    await happen([1, 2, 3].flatMap((n) => ["A", "B"].map((device) => ({ device, detail: { n } }))));
    const order = () => there.taken.map(({ json }) => `${json.subject}${json.data.detail.n}`);

    await turn(id);
    expect(order()).toEqual([]);
    there.answer = ({ json }) =>
      json.data.detail.n === 1 && json.subject === "A"
        ? new Response("no such thing", { status: 422 })
        : new Response();
    for (let turns = 0; turns < 14; turns++) {
      await hurry(id);
      await turn(id);
    }

    expect(order()).toEqual(["B1", "B2", "B3", "A2", "A3"]);
    const { json: dead } = await ask("GET", `/api/v1/webhooks/${id}/dead-letters`);
    expect(dead.items).toEqual([
      expect.objectContaining({ device_id: "A", attempts: 12, detail: "answered 422: no such thing" }),
    ]);
    expect(await eventsOf("webhook.dead_letter")).toHaveLength(1);

    there.answer = () => new Response();
    const replayed = await ask("POST", `/api/v1/webhooks/${id}/dead-letters/replay`);
    expect(replayed.json).toEqual({ replayed: 1 });
    await drain(id);
    expect(order()).toContain("A1");
    expect((await ask("GET", `/api/v1/webhooks/${id}/dead-letters`)).json.items).toEqual([]);
  });
});

test("a receiver that fails at random, and kills in between: nothing is lost, and each device's order holds", async () => {
  const there = receiver();
  const id = await hookTo(there);
  await drain(id);
  const devices = Array.from({ length: 20 }, (_, n) => `DEVICE-${n}`);
  there.answer = () => {
    const chance = Math.random();
    if (chance < 0.1) return "no answer";
    if (chance < 0.3)
      return new Response(null, { status: [500, 503, 400, 429][Math.floor(chance * 20) % 4] ?? 500 });
    return new Response();
  };
  for (let n = 0; n < 25; n++) {
    await happen(devices.map((device) => ({ device, detail: { n } })));
    await hurry(id);
    if (n % 3 === 0) {
      // In the middle of a turn: what it did so far is done, and what it would have written is not.
      const cut = turn(id).catch(() => undefined);
      await abortAllDurableObjects();
      await cut;
    } else await turn(id);
  }
  await drain(id, 2_000);

  for (const device of devices) {
    const numbers = there.taken
      .filter(({ json }) => json.subject === device)
      .map(({ json }) => json.data.detail.n);
    const firsts = numbers.filter((n, index) => numbers.indexOf(n) === index);
    expect(firsts, device).toEqual(Array.from({ length: 25 }, (_, n) => n));
  }
  // What came twice came under the same id.
  const ids = new Map<string, string>();
  for (const { id: message, json } of there.seen) {
    const said = `${json.subject}/${json.data.detail.n}`;
    expect(ids.get(message) ?? said).toBe(said);
    ids.set(message, said);
  }
});
