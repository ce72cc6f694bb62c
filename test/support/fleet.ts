import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
// What alarms load while they run: an import that one object began cannot be awaited by another in this runtime.
import "../../src/device/results/ask-attestation.ts";
import "../../src/device/desired/declarations/reports.ts";
import "../../src/commands/fan-out.ts";
import "../../src/device/results/read-results.ts";
import "../../src/device/desired/reconcile.ts";
import "../../src/device/results/rounds.ts";
import { patchSettings } from "../../src/admin/settings.ts";
import { buildCommand } from "../../src/commands/command.ts";
import { enqueue } from "../../src/commands/enqueue.ts";
import type { DeviceEvent } from "../../src/events/event.ts";
import type { PlistInput } from "../../src/plist/value.ts";
import { ask, origin } from "./admin.ts";
import { type AppleDevice, type AppleDeviceOptions, appleDevice, type FlavourName } from "./apple-device.ts";

export const topic = "com.apple.mgmt.External.11111111-2222-3333-4444-555555555555";

export type Invitation = { serverUrl: string; topic: string; scepUrl: string; challenge: string };

/** Requests go straight to the Worker, as if from the network. */
export const transport = (request: Request): Promise<Response> => exports.default.fetch(request);

let authority: Promise<unknown> | undefined;
let quiet: Promise<unknown> | undefined;

/** Another test file begins, with a server that knows nobody. */
export function forgetFleet(): void {
  authority = undefined;
  quiet = undefined;
}

/** Most conversations are about something else: the server asks nothing by itself, unless a test sets it to. */
const askNothing = () =>
  patchSettings(
    env,
    { inventory_at_enrollment: false, inventory_interval_hours: 0, status_items: [] },
    Date.now(),
  );

/** What an enrollment profile would tell a device, with a challenge of its own. */
export async function invite(issuedFor: Record<string, unknown> = {}): Promise<Invitation> {
  authority ??= succeed(ask("POST", "/api/v1/authorities", { json: { if_none: true } }));
  quiet ??= askNothing();
  await Promise.all([authority, quiet]);
  const { json } = await succeed(ask("POST", "/api/v1/enrollment/challenges", { json: issuedFor }));
  return { serverUrl: `${origin}/mdm`, topic, scepUrl: json.scep_url, challenge: json.challenge };
}

export const newDevice = (
  flavour: FlavourName = "iphone",
  options: Partial<AppleDeviceOptions> = {},
): AppleDevice => appleDevice(flavour, { transport, ...options });

export async function enrolledDevice(
  flavour: FlavourName = "iphone",
  options: Partial<AppleDeviceOptions> = {},
): Promise<AppleDevice> {
  const device = newDevice(flavour, options);
  await device.enroll(await invite());
  return device;
}

/** Queues a command as an administrator would, without waking the device; the answer is its UUID. */
export async function give(
  device: { id: string },
  requestType: string,
  payload: { [key: string]: PlistInput } = {},
  delivery: { userId?: string; high?: boolean; expiresAt?: number; renewal?: boolean } = {},
): Promise<string> {
  const command = buildCommand(requestType, payload);
  if (!command.ok) throw new Error(command.refusal.detail);
  const queued = await enqueue(env, command.value, {
    deviceId: device.id,
    origin: "test",
    push: false,
    ...delivery,
  });
  if (!queued.ok) throw new Error(queued.refusal.detail);
  return command.value.uuid;
}

export const objectOf = (device: { id: string }) => env.DEVICE.getByName(device.id);

export const stateOf = async (
  device: { id: string },
  uuid: string,
  userId = "",
): Promise<string | undefined> => (await objectOf(device).readCommand(userId, uuid))?.header.state;

/** Writes past the object, which then wakes again: it remembers what it has read. */
export async function rewrite(device: { id: string }, query: string, ...values: SqlStorageValue[]) {
  await runInDurableObject(objectOf(device), (_, state) => void state.storage.sql.exec(query, ...values));
  await evictDurableObject(objectOf(device));
}

/** As if the object had never stored anything. */
export async function wipe(device: { id: string }): Promise<void> {
  await runInDurableObject(objectOf(device), (_, state) => state.storage.deleteAll());
  await evictDurableObject(objectOf(device));
}

/** Events that have not left for the directory yet. */
export const outboxOf = (device: { id: string }): Promise<DeviceEvent[]> =>
  runInDurableObject(objectOf(device), (_, state) =>
    state.storage.sql
      .exec<{ seq: number; event: string }>("SELECT seq, event FROM outbox ORDER BY seq")
      .toArray()
      .map(({ seq, event }) => ({ ...JSON.parse(event), seq }) as DeviceEvent),
  );

type Told = { seq: number; name: string; detail: Record<string, unknown> };

/** What it has told of so far, in order: what is still in its outbox, and what its own alarm has delivered meanwhile. */
export async function toldBy(device: { id: string }): Promise<Told[]> {
  const waiting = (await outboxOf(device)).filter(({ quiet }) => quiet !== true);
  const { results } = await env.DB.prepare("SELECT seq, name, detail FROM events WHERE device_id = ?")
    .bind(device.id)
    .all<{ seq: number; name: string; detail: string }>();
  const delivered = results.map(({ detail, ...row }): [number, Told] => [
    row.seq,
    { ...row, detail: JSON.parse(detail) },
  ]);
  const all = new Map<number, Told>([
    ...waiting.map((event): [number, Told] => [event.seq, event]),
    ...delivered,
  ]);
  return [...all.values()].sort((a, b) => a.seq - b.seq);
}

/** Lets the object's alarm do what it is for, now. */
export const alarmOf = (device: { id: string }): Promise<boolean> => runDurableObjectAlarm(objectOf(device));

async function succeed(asked: ReturnType<typeof ask>): ReturnType<typeof ask> {
  const answer = await asked;
  if (answer.status >= 300) throw new Error(`${answer.status}: ${answer.text}`);
  return answer;
}
