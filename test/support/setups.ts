import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
// What the alarm loads while it runs: an import that one object began cannot be awaited by another in this runtime.
import "../../src/device/setup/continue.ts";
import "../../src/device/setup/describe.ts";
import { patchSettings } from "../../src/admin/settings.ts";
import { ask } from "./admin.ts";
import type { AppleDevice, AppleDeviceOptions, FlavourName } from "./apple-device.ts";
import { alarmOf, invite, newDevice, objectOf, rewrite } from "./fleet.ts";

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

/** All that the server does by itself about now. An alarm that is called early takes its own time for the present. */
export async function look(device: { id: string }): Promise<void> {
  for (let alarms = 0; alarms < 20 && (await isAlarmNear(device)); alarms += 1) await alarmOf(device);
}

const isAlarmNear = (device: { id: string }): Promise<boolean> =>
  runInDurableObject(objectOf(device), async (_, state) => {
    const at = await state.storage.getAlarm();
    return at !== null && at <= Date.now() + 5_000;
  });

/** As if the set-up had begun so much earlier. */
export async function timePasses(device: { id: string }, ms: number): Promise<void> {
  await runInDurableObject(objectOf(device), (_, state) => state.storage.setAlarm(Date.now()));
  await rewrite(device, "UPDATE setup_steps SET began_at = began_at - ?", ms);
  await rewrite(
    device,
    "UPDATE setups SET began_at = began_at - ?, ends_at = ends_at - ?, look_at = look_at - ?",
    ms,
    ms,
    ms,
  );
  await alarmOf(device);
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
