import { addServerEvent, applyAndFindListeners, type Guard, type Statement } from "../db/directory.ts";
import { type Db, openDb } from "../db/open.ts";
import { concerned, wakeListeners } from "./listeners.ts";

/** Events of the server itself, without a device: they are in the same log, with an empty device id. */
export type ServerEventName =
  | "push.trouble"
  | "push.trouble_over"
  | "push.certificate_in_use"
  | "push.certificate_expires"
  | "push.certificate_expired"
  | "ade.trouble"
  | "ade.trouble_over"
  | "ade.devices_changed"
  | "ade.api_trouble"
  | "ade.api_trouble_over"
  | "ade.activity_over"
  | "content.trouble"
  | "content.trouble_over"
  | "content.taken_over"
  | "content.order_failed"
  | "app.created"
  | "app.updated"
  | "app.deleted"
  | "person.created"
  | "person.changed"
  | "person.erased"
  | "batch.held"
  | "activation_lock.unlock_asked"
  | "command.warned"
  | "batch.cancelled"
  | "batch.done"
  | "rollout.started"
  | "rollout.opened"
  | "rollout.halted"
  | "rollout.resumed"
  | "rollout.finished"
  | "rollout.cancelled"
  | "rollout.replaced"
  | "provisioning_profile.expiring"
  | "provisioning_profile.expired"
  | "signing_certificate.expiring"
  | "signing_certificate.expired"
  | "package.uploaded"
  | "package.deleted"
  | "webhook.paused"
  | "webhook.resumed"
  | "webhook.dead_letter"
  | "problem.opened"
  | "problem.reminded"
  | "problem.closed";

export type ServerEvent = {
  name: ServerEventName;
  detail: { [key: string]: string | number | boolean | null };
};

export const serverId = "";

export const announceServerEvent = (env: Env, event: ServerEvent, now: number): Promise<void> =>
  announceAll(env, [event], now);

/** Writes them in this order with their changes, all or none. */
export async function announceAll(
  env: Env,
  events: readonly ServerEvent[],
  now: number,
  also: readonly Statement[] = [],
): Promise<void> {
  if (events.length + also.length === 0) return;
  const db = openDb(env.DB);
  const told = events.map(({ name, detail }) => addServerEvent(db, serverId, { name, detail, at: now }));
  await applyAndWake(env, db, events, [...also, ...told]);
}

/** Writes the event, and then its changes, if `guard` holds: if not, the event is not written either. */
export async function announceIf(
  env: Env,
  guard: Guard,
  event: ServerEvent,
  now: number,
  changes: readonly Statement[],
): Promise<void> {
  const db = openDb(env.DB);
  const { name, detail } = event;
  const told = addServerEvent(db, serverId, { name, detail, at: now }, guard);
  await applyAndWake(env, db, [event], [told, ...changes]);
}

async function applyAndWake(
  env: Env,
  db: Db,
  events: readonly ServerEvent[],
  statements: readonly Statement[],
): Promise<void> {
  const listeners = await applyAndFindListeners(db, statements, Date.now());
  const names = events.map(({ name }) => name);
  await wakeListeners(env, concerned(listeners, names));
}
