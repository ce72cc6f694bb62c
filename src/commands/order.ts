import { ok, type Result, refuse } from "../base/result.ts";
import type { Finding, ValidationMode } from "../catalog/finding.ts";
import type { CommandHeader, CommandRefusal } from "../device/queue/command-rpc.ts";
import { buildCommand, type RawCommandRefusal } from "./command.ts";
import { completeShared } from "./complete/complete.ts";
import { isDestructive } from "./destructive.ts";
import { type Delivery, enqueue } from "./enqueue.ts";
import { type PrepareRefusal, prepare, type Wanted } from "./prepare.ts";
import { subjectOf } from "./subject.ts";

/** One command for one channel, as somebody asked for it. */
export type Order = {
  wanted: Wanted;
  /** Its CommandUUID; otherwise one is made. */
  uuid?: string | undefined;
  delivery: Omit<Delivery, "secrets" | "alone">;
  mode: ValidationMode;
  isAdmin: boolean;
};

export type Ordered = {
  header: CommandHeader;
  findings: Finding[];
  /** Empty for whoever may not see them, and when the command was there already. */
  generated: { escrow: string; value: string }[];
};

export type OrderRefusal =
  | CommandRefusal
  | RawCommandRefusal
  | PrepareRefusal
  | { reason: "needs-admin"; detail: string };

/** Completes, checks and queues a command. */
export async function order(
  env: Env,
  { wanted, uuid, delivery, mode, isAdmin }: Order,
  now: number,
): Promise<Result<Ordered, OrderRefusal>> {
  const { deviceId, userId = "" } = delivery;
  const { requestType } = wanted;
  const known = await env.DEVICE.getByName(deviceId).describe();
  const subject = subjectOf(deviceId, userId, known);
  if (!isAdmin && isDestructive(requestType, wanted.payload, subject)) {
    return refuse({
      reason: "needs-admin",
      detail: `${requestType} cannot be taken back; it needs the role admin`,
    });
  }
  const shared = wanted.complete
    ? await completeShared(requestType, wanted.payload, env, now)
    : ok(wanted.payload);
  if (!shared.ok) return shared;
  const prepared = await prepare(env, { ...wanted, payload: shared.value }, subject, mode);
  if (!prepared.ok) return prepared;
  const { payload, secrets, alone, generated, findings } = prepared.value;
  const command = buildCommand(requestType, payload, uuid);
  if (!command.ok) return command;
  const queued = await enqueue(env, command.value, { ...delivery, secrets, alone });
  if (!queued.ok) return queued;
  const shown = isAdmin && queued.value.added === true;
  return ok({ header: queued.value, findings, generated: shown ? generated : [] });
}
