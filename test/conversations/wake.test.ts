import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { buildCommand } from "../../src/commands/command.ts";
import { enqueue } from "../../src/commands/enqueue.ts";
import type { PushAnswer, PushAsk } from "../../src/push/answer.ts";
import type { AppleDevice } from "../support/apple-device.ts";
import { alarmOf, enrolledDevice, give, objectOf, rewrite, toldBy } from "../support/fleet.ts";

// When a device is woken, and when not: the gateway is one that writes down what it is asked for.

const minute = 60_000;
const delivered: PushAnswer = { outcome: "delivered", id: undefined };

type Gateway = { asks: PushAsk[]; answer: PushAnswer };
const gateways = new Map<string, Gateway>();

/** From now on the object asks this gateway, which answers what it is told to. */
async function gatewayOf(device: AppleDevice): Promise<Gateway> {
  const gateway: Gateway = gateways.get(device.id) ?? { asks: [], answer: delivered };
  gateways.set(device.id, gateway);
  const stub = {
    getByName: () => ({
      push: async (ask: PushAsk) => {
        gateway.asks.push(ask);
        return gateway.answer;
      },
    }),
  };
  await runInDurableObject(objectOf(device), (instance) => {
    Object.defineProperty(instance, "env", { value: { ...env, PUSH: stub }, configurable: true });
  });
  return gateway;
}

async function queue(device: AppleDevice, requestType = "RestartDevice"): Promise<string> {
  const command = buildCommand(requestType, {});
  if (!command.ok) throw new Error(command.refusal.detail);
  await enqueue(env, command.value, { deviceId: device.id, origin: "test" });
  // What is pushed at once is pushed beside the answer.
  await objectOf(device).describe();
  return command.value.uuid;
}

const sql = (device: AppleDevice, query: string, ...values: SqlStorageValue[]) =>
  runInDurableObject(objectOf(device), (_, state) => state.storage.sql.exec(query, ...values).toArray());

const channelOf = async (device: AppleDevice) =>
  (await sql(device, "SELECT * FROM channels WHERE user_id = ''"))[0];

const alarmIn = (device: AppleDevice) =>
  runInDurableObject(
    objectOf(device),
    async (_, state) => ((await state.storage.getAlarm()) ?? Number.NaN) - Date.now(),
  );

/** As if so much time had gone by since anything was queued, fetched or pushed. */
async function later(device: AppleDevice, ms: number): Promise<void> {
  await rewrite(device, "UPDATE queue SET queued_at = queued_at - ?, sent_at = sent_at - ?", ms, ms);
  await rewrite(
    device,
    "UPDATE channels SET push_at = push_at - ?, token_update_at = token_update_at - ?",
    ms,
    ms,
  );
  // The object has woken again.
  await gatewayOf(device);
}

/** Delivers what waits for the directory, so that only waking is left. */
async function settled(device: AppleDevice): Promise<void> {
  await alarmOf(device);
}

async function awakeDevice(): Promise<{
  device: AppleDevice;
  gateway: Gateway;
}> {
  const device = await enrolledDevice();
  await settled(device);
  // The enrollment was a while ago.
  await rewrite(device, "UPDATE channels SET token_update_at = token_update_at - 3600000");
  return { device, gateway: await gatewayOf(device) };
}

describe("a command", () => {
  test("is pushed once when it is queued, with the channel's token and magic", async () => {
    const { device, gateway } = await awakeDevice();

    await queue(device);

    expect(gateway.asks).toHaveLength(1);
    expect(gateway.asks[0]?.PushMagic).toBe((await channelOf(device))?.push_magic);
  });

  test("that was queued before the device came causes no further push; one that came after it left does", async () => {
    const { device, gateway } = await awakeDevice();

    await queue(device);
    await queue(device);
    expect(gateway.asks).toHaveLength(1);

    await device.converse(() => ({ status: "Acknowledged" }));
    await queue(device);
    expect(gateway.asks).toHaveLength(2);
  });

  test("that need not be pushed is not, ever", async () => {
    const { device, gateway } = await awakeDevice();

    await give(device, "RestartDevice");
    await settled(device);
    await later(device, 60 * minute);
    await runDurableObjectAlarm(objectOf(device));

    expect(gateway.asks).toEqual([]);
    expect(await alarmIn(device)).not.toBeLessThan(60 * minute);
  });

  test("that nobody fetches is pushed again at growing intervals", async () => {
    const { device, gateway } = await awakeDevice();
    await queue(device);
    await settled(device);

    const waits = [await alarmIn(device)];
    for (let push = 0; push < 8; push++) {
      await later(device, 25 * 60 * minute);
      await runDurableObjectAlarm(objectOf(device));
      waits.push(await alarmIn(device));
    }

    expect(gateway.asks).toHaveLength(9);
    const planned = [2, 10, 30, 60, 180, 360, 720, 1440, 1440];
    for (const [index, wait] of waits.entries()) {
      expect(wait / minute / (planned[index] ?? 0), `wait ${index}`).toBeGreaterThan(0.85);
      expect(wait / minute / (planned[index] ?? 0), `wait ${index}`).toBeLessThan(1.15);
    }
  });

  test("that is answered ends the plan, and the next one starts a new plan", async () => {
    const { device, gateway } = await awakeDevice();
    await queue(device);
    await later(device, 3 * minute);
    await runDurableObjectAlarm(objectOf(device));
    expect(await channelOf(device)).toMatchObject({ push_attempts: 1 });

    await device.converse(() => ({ status: "Acknowledged" }));

    expect(await channelOf(device)).toMatchObject({ push_attempts: 0, push_at: null });
    expect(gateway.asks).toHaveLength(2);
  });

  test("that was put off last is left to the device for an hour", async () => {
    const { device } = await awakeDevice();
    await queue(device, "ProfileList");
    await device.converse(() => ({ status: "NotNow" }));
    await settled(device);

    expect((await alarmIn(device)) / minute).toBeGreaterThan(55);
  });

  test("pushed and answered at once costs no row more than one that was not", async () => {
    const { device } = await awakeDevice();
    const written = async () => (await objectOf(device).describe())?.rowsWritten ?? 0;
    // The first push of a channel is news.
    await queue(device);
    await device.converse(() => ({ status: "Acknowledged" }));
    await settled(device);
    const before = await written();

    for (let command = 0; command < 5; command++) {
      await queue(device);
      await settled(device);
      await device.converse(() => ({ status: "Acknowledged" }));
      await settled(device);
    }

    expect((await written()) - before).toBeLessThanOrEqual(40);
  });
});

describe("without a push certificate", () => {
  test("the channel says so, and the object does not wake for it", async () => {
    const { device, gateway } = await awakeDevice();
    gateway.answer = { outcome: "no-certificate", reason: "none is here" };

    await queue(device);
    await settled(device);
    await later(device, 60 * minute);
    await runDurableObjectAlarm(objectOf(device));

    expect(gateway.asks).toHaveLength(1);
    expect(await channelOf(device)).toMatchObject({ push_outcome: "no-certificate: none is here" });
  });
});

describe("a token", () => {
  test("that is dead is left alone, with an event, until the next TokenUpdate, which pushes what waits", async () => {
    const { device, gateway } = await awakeDevice();
    gateway.answer = { outcome: "unregistered", reason: "Unregistered", since: Date.now() };
    await queue(device);
    await queue(device);
    expect(gateway.asks).toHaveLength(1);
    expect(await channelOf(device)).toMatchObject({ unreachable: 1 });
    expect((await toldBy(device)).map(({ name }) => name)).toContain("channel.unreachable");

    gateway.answer = delivered;
    await device.tokenUpdate({ newToken: true });
    await runDurableObjectAlarm(objectOf(device));

    expect(gateway.asks).toHaveLength(2);
    expect(await channelOf(device)).toMatchObject({ unreachable: 0, push_outcome: "delivered" });
  });

  test("that Apple called invalid before the device sent it again is still pushed", async () => {
    const { device, gateway } = await awakeDevice();
    gateway.answer = { outcome: "unregistered", reason: "Unregistered", since: 1 };

    await queue(device);

    expect(await channelOf(device)).toMatchObject({ unreachable: 0 });
  });

  test("of another topic than the certificate's is left alone too", async () => {
    const { device, gateway } = await awakeDevice();
    gateway.answer = { outcome: "token-for-other-topic", reason: "DeviceTokenNotForTopic" };

    await queue(device);
    const asked = await objectOf(device).push("");

    expect(asked).toMatchObject({ ok: false, refusal: { reason: "unreachable" } });
  });
});

test("a gateway that does not answer is an outcome, and the push is tried again", async () => {
  const { device } = await awakeDevice();
  await runInDurableObject(objectOf(device), (instance) => {
    const stub = { getByName: () => ({ push: () => Promise.reject(new Error("gone")) }) };
    Object.defineProperty(instance, "env", { value: { ...env, PUSH: stub }, configurable: true });
  });

  await queue(device);
  await settled(device);

  expect((await channelOf(device))?.push_outcome).toBe("retry: the push gateway did not answer");
  expect((await alarmIn(device)) / minute).toBeLessThan(2.1);
});

test("a device that is to end its enrollment is woken for it", async () => {
  const { device, gateway } = await awakeDevice();

  await objectOf(device).endEnrollment("test");
  await objectOf(device).describe();

  expect(gateway.asks).toHaveLength(1);
});
