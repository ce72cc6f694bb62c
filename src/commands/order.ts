import { ok, type Result, refuse } from "../base/result.ts";
import type { Finding, ValidationMode } from "../catalog/finding.ts";
import type { CommandHeader, CommandRefusal } from "../device/queue/command-rpc.ts";
import { type Asker, mayDo, whyNotAllowed } from "./allowed.ts";
import { buildCommand, type RawCommandRefusal } from "./command.ts";
import { completeShared } from "./complete/complete.ts";
import { type Delivery, enqueue } from "./enqueue.ts";
import { type PrepareRefusal, prepare, type Wanted } from "./prepare.ts";
import { isSameCommand } from "./same-command.ts";
import { secretsOf } from "./secrets.ts";
import { subjectOf } from "./subject.ts";

/** A request for one command to one channel. */
export type Order = {
  wanted: Wanted;
  /** Its CommandUUID; one is made unless set. */
  uuid?: string | undefined;
  delivery: Omit<Delivery, "secrets" | "alone">;
  mode: ValidationMode;
  asker: Asker;
};

export type Ordered = {
  header: CommandHeader;
  findings: Finding[];
  /** Empty if the caller may not see them, and if the command already existed. */
  generated: { escrow: string; value: string }[];
};

export type OrderRefusal =
  | CommandRefusal
  | RawCommandRefusal
  | PrepareRefusal
  | { reason: "uuid-used"; state: CommandHeader["state"]; detail: string }
  | { reason: "not-allowed"; detail: string };

/** Completes, checks and queues a command. */
export async function order(
  env: Env,
  { wanted, uuid, delivery, mode, asker }: Order,
  now: number,
): Promise<Result<Ordered, OrderRefusal>> {
  const { deviceId, userId = "" } = delivery;
  const { requestType } = wanted;
  const known = await env.DEVICE.getByName(deviceId).commandFacts();
  const subject = subjectOf(deviceId, userId, known);
  const whyNot = whyNotAllowed(asker, requestType, wanted.payload, subject);
  if (whyNot !== undefined) return refuse({ reason: "not-allowed", detail: whyNot });
  const shared = wanted.complete
    ? await completeShared(requestType, wanted.payload, env, now)
    : ok(wanted.payload);
  if (!shared.ok) return shared;
  const prepared = await prepare(env, { ...wanted, payload: shared.value }, subject, mode);
  if (!prepared.ok) return prepared;
  const { payload, alone, generated, findings } = prepared.value;
  // A password that completing made a hash of is kept as it was given.
  const ofGiven = wanted.complete ? secretsOf(requestType, wanted.payload) : [];
  const secrets = prepared.value.secrets.length > 0 ? prepared.value.secrets : ofGiven;
  const command = buildCommand(requestType, payload, uuid);
  if (!command.ok) return command;
  const queued = await enqueue(env, command.value, { ...delivery, secrets, alone });
  if (!queued.ok) return queued;
  if (queued.value.added !== true) return repeated(env, queued.value, deviceId, wanted, findings);
  const shown = mayDo(asker, "read-escrow");
  return ok({ header: queued.value, findings, generated: shown ? generated : [] });
}

/** The UUID was used before. It is the same order only if that command still waits and is the same. */
async function repeated(
  env: Env,
  known: CommandHeader,
  deviceId: string,
  { payload, complete }: Wanted,
  findings: Finding[],
): Promise<Result<Ordered, OrderRefusal>> {
  const whole = await env.DEVICE.getByName(deviceId).readCommand(known.userId, known.uuid);
  const header = whole?.header ?? known;
  const waits = waitingStates.includes(header.state);
  if (waits && whole?.body && isSameCommand(whole.body, payload, complete))
    return ok({ header, findings, generated: [] });
  const why = waits ? "and is not the same command" : "and no longer waits";
  return refuse({
    reason: "uuid-used",
    state: header.state,
    detail: `the CommandUUID ${header.uuid} was used before on this channel: that ${header.requestType} is ${header.state}, ${why}; choose another uuid`,
  });
}

const waitingStates: readonly CommandHeader["state"][] = ["queued", "sent", "not_now"];
