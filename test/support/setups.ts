import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
// What the alarm loads while it runs: an import that one object began cannot be awaited by another in this runtime.
import "../../src/device/setup/continue.ts";
import "../../src/device/setup/describe.ts";
import { patchSettings } from "../../src/admin/settings.ts";
import { ask } from "./admin.ts";
import type { AppleDevice, AppleDeviceOptions, FlavourName } from "./apple-device.ts";
import { invite, newDevice, objectOf, rewrite } from "./fleet.ts";

/** Devices that are held in Setup Assistant. */

/** Enrolled as an organisation's device is, and held. */
export async function heldDevice(
  flavour: FlavourName,
  options: Partial<AppleDeviceOptions> = {},
): Promise<AppleDevice> {
  const device = newDevice(flavour, { ade: true, ...options });
  await device.enroll(await invite({ serial: device.hardware.serialNumber }));
  return device;
}

// biome-ignore lint/suspicious/noExplicitAny: what a test looks into is what the test says it is
export type Setup = any;

export const setupOf = async (device: { id: string }, channel = ""): Promise<Setup> =>
  (await ask("GET", `/api/v1/devices/${device.id}/setup${channel && `?channel=${channel}`}`)).json;

/** The server's next look at it, now. */
export async function look(device: { id: string }, userId = ""): Promise<void> {
  await runDurableObjectAlarm(objectOf(device));
  const { state } = (await objectOf(device).describeSetup(userId)) ?? {};
  if (state !== "running") return;
  await rewrite(device, "UPDATE setups SET look_at = ? WHERE state = 'running'", Date.now());
  await runDurableObjectAlarm(objectOf(device));
}

/** The device fetches what waits, the server looks, until nothing happens any more: the commands in their order. */
export async function goThrough(device: AppleDevice): Promise<string[]> {
  const seen: string[] = [];
  for (let rounds = 0; rounds < 12; rounds += 1) {
    await look(device);
    const turns = await device.converse();
    const fetched = turns.flatMap(({ command }) => (command ? [command.requestType] : []));
    seen.push(...fetched);
    if (fetched.length === 0 && rounds > 1) break;
  }
  return seen;
}

export const setUpWith = (settings: Parameters<typeof patchSettings>[1]) =>
  patchSettings(env, settings, Date.now());
