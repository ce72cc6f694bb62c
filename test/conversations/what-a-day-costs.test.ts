import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import type { AppleDevice } from "../support/apple-device.ts";
import { alarmOf, enrolledDevice, give, objectOf, outboxOf } from "../support/fleet.ts";

// The figures that docs/cost.md multiplies with Cloudflare's prices.

/** `requests`: what the device fetched, and the connect that found nothing more. */
type Cost = { requests: number; inObject: number; inDirectory: number };

/** What it costs when a device does this: its requests, and the rows that its object and the directory write. */
async function costOf(device: AppleDevice, does: () => Promise<number>): Promise<Cost> {
  await evictDurableObject(objectOf(device));
  let inDirectory = 0;
  await runInDurableObject(objectOf(device), (instance) => {
    const batch = async (statements: D1PreparedStatement[]) => {
      const results = await env.DB.batch(statements);
      inDirectory += results.reduce((sum, { meta }) => sum + meta.rows_written, 0);
      return results;
    };
    const DB = { prepare: (sql: string) => env.DB.prepare(sql), batch };
    Object.defineProperty(instance, "env", { value: { ...env, DB }, configurable: true });
  });
  const before = (await objectOf(device).describe())?.rowsWritten ?? 0;
  const requests = await does();
  // What is left at the end of an exchange is delivered without an alarm.
  await vi.waitUntil(async () => (await outboxOf(device)).length === 0);
  const inObject = ((await objectOf(device).describe())?.rowsWritten ?? 0) - before;
  return { requests, inObject, inDirectory };
}

test("a connect that finds nothing is one request, and writes nothing within the hour after the last", async () => {
  const device = await enrolledDevice("iphone");
  await alarmOf(device);

  const cost = await costOf(device, async () => (await device.converse()).length + 1);

  expect(cost).toEqual({ requests: 1, inObject: 0, inDirectory: 0 });
});

test("a command with its answer is two requests, eight rows of the device and sixteen of the directory", async () => {
  const device = await enrolledDevice("iphone");
  await alarmOf(device);

  const cost = await costOf(device, async () => {
    await give(device, "RestartDevice");
    await alarmOf(device);
    return (await device.converse()).length + 1;
  });

  expect(cost).toEqual({ requests: 2, inObject: 8, inDirectory: 16 });
});
