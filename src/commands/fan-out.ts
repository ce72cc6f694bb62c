import { causeMessage } from "../base/cause.ts";
import { withDeadline } from "../base/deadline.ts";
import { mapInFlight } from "../base/in-flight.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { platformOf } from "../catalog/availability.ts";
import { type Demands, demandsOf } from "../catalog/demands.ts";
import { type Finding, isObstacle } from "../catalog/finding.ts";
import { listDevices } from "../db/device-list.ts";
import { type DeviceRow, findDevices } from "../db/devices.ts";
import type { Db } from "../db/open.ts";
import { parseEnrollmentId } from "../mdm/channel.ts";
import type { PlistDict } from "../plist/value.ts";
import type { BatchCursor, BatchOrder } from "./batch.ts";
import { buildCommand } from "./command.ts";
import { dependsOnDevice, isDestructive } from "./destructive.ts";
import { type Delivery, enqueue } from "./enqueue.ts";
import { type PrepareRefusal, prepare } from "./prepare.ts";
import { type Subject, subjectOf, subjectOfRow } from "./subject.ts";

/** One page of a batch: its targets, and the result of the command or the push for each. */
export type Target = { deviceId: string; userId: string; row: DeviceRow | undefined };

export type TargetRefusal = { reason: string; detail: string };

export type TargetOutcome =
  | { target: Target; result: Result<undefined, TargetRefusal> }
  /** A fault: it is tried again. */
  | { target: Target; fault: string };

/** Enough to keep the objects busy, and few enough for the connections that one alarm may have open. */
const mostInFlight = 25;
/** A device that takes longer is tried again later; if the first try did succeed, the second changes nothing. */
const patienceMs = 15_000;

export async function targetsAmong(db: Db, ids: readonly string[]): Promise<Target[]> {
  const targets = ids.map(parseEnrollmentId);
  const rows = new Map(
    (await findDevices(db, [...new Set(targets.map(({ deviceId }) => deviceId))])).map((row) => [
      row.id,
      row,
    ]),
  );
  return targets.map(({ deviceId, userId = "" }) => ({ deviceId, userId, row: rows.get(deviceId) }));
}

export async function targetsOf(
  db: Db,
  filters: NonNullable<Extract<BatchOrder["targets"], { filters: unknown }>["filters"]>,
  cursor: Extract<BatchCursor, { after: unknown }>,
  limit: number,
): Promise<{ targets: Target[]; next: BatchCursor | null }> {
  const { rows, stoppedAt } = await listDevices(db, filters, limit, cursor.after ?? undefined);
  const last = rows.length < limit ? stoppedAt : rows.at(-1)?.place;
  return {
    targets: rows.map(({ row }) => ({ deviceId: row.id, userId: "", row })),
    next: last ? { after: last } : null,
  };
}

/** What each target of a batch gets. Throws if it must be tried again. */
export type Handover = (target: Target) => Promise<Result<undefined, TargetRefusal>>;

export const handToAll = (targets: readonly Target[], handOver: Handover): Promise<TargetOutcome[]> =>
  mapInFlight(targets, mostInFlight, (target) => tryToHandOver(handOver, target));

/** One that does not answer does not delay the others. */
async function tryToHandOver(handOver: Handover, target: Target): Promise<TargetOutcome> {
  try {
    return { target, result: await withDeadline(patienceMs, () => handOver(target), noAnswer) };
  } catch (fault) {
    return { target, fault: causeMessage(fault) };
  }
}

const noAnswer = () => new Error(`the device's object did not answer within ${patienceMs} ms`);

/** A push; one that Apple cannot take at the moment is tried again. */
export const pushHandover =
  (env: Env): Handover =>
  async ({ deviceId, userId }) => {
    const pushed = await env.DEVICE.getByName(deviceId).push(userId);
    if (!pushed.ok) return pushed;
    const answer = pushed.value;
    if (answer.outcome === "delivered") return ok(undefined);
    if (answer.outcome === "retry") throw new Error(answer.reason);
    return refuse({ reason: answer.outcome, detail: answer.reason });
  };

/** Cancels a command on all channels that have not fetched it, and returns the faults of the others. */
export async function takeBackFromAll(
  env: Env,
  uuid: string,
  channels: readonly { deviceId: string; userId: string }[],
): Promise<string[]> {
  const faults = await mapInFlight(channels, mostInFlight, async ({ deviceId, userId }) => {
    try {
      await withDeadline(
        patienceMs,
        async () => void (await env.DEVICE.getByName(deviceId).cancelCommand(userId, uuid)),
        noAnswer,
      );
      return undefined;
    } catch (fault) {
      return `${deviceId}: ${causeMessage(fault)}`;
    }
  });
  return faults.filter((fault) => fault !== undefined);
}

export const commandHandover =
  (env: Env, order: BatchOrder, requestType: string, payload: PlistDict, carry: Carry): Handover =>
  (target) =>
    give(env, { ...order, requestType }, payload, target, carry);

export type Carry = NonNullable<Delivery["carry"]>;

async function give(
  env: Env,
  { id, requestType, mode, expiresAt, high, push }: BatchOrder & { requestType: string },
  payload: PlistDict,
  target: Target,
  carry: Carry,
): Promise<Result<undefined, TargetRefusal>> {
  const subject = await subjectFor(env, requestType, target);
  if (dependsOnDevice(requestType) && isDestructive(requestType, payload, subject)) {
    return refuse({
      reason: "ends-enrollment",
      detail: "this is the enrollment profile; a batch does not remove it",
    });
  }
  const prepared = await prepare(env, { requestType, payload, complete: true }, subject, mode);
  if (!prepared.ok) return refuse(refusalOf(prepared.refusal));
  const obstacle = mode === "strict" ? prepared.value.findings.find(isObstacle) : undefined;
  if (obstacle) return refuse({ reason: obstacle.code, detail: obstacle.detail });
  const command = buildCommand(requestType, prepared.value.payload, id);
  if (!command.ok) return command;
  const { deviceId, userId } = target;
  const { secrets, alone } = prepared.value;
  const queued = await enqueue(env, command.value, {
    deviceId,
    userId: userId || undefined,
    high,
    expiresAt,
    ...(push !== undefined && { push }),
    origin: batchOrigin(id),
    ifKnown: true,
    alone,
    demands: mode === "strict" ? await demandsFor(requestType, target) : undefined,
    secrets,
    carry,
  });
  return queued.ok ? ok(undefined) : queued;
}

export const batchOrigin = (id: string): string => `batch:${id}`;

/** The directory's data is enough, except where an error would cost the enrollment. */
async function subjectFor(env: Env, requestType: string, target: Target): Promise<Subject> {
  const { deviceId, userId, row } = target;
  if (row && !dependsOnDevice(requestType)) return subjectOfRow(row, userId);
  return subjectOf(deviceId, userId, await env.DEVICE.getByName(deviceId).commandFacts());
}

/** The device's object checks the facts of an enrollment that the directory does not know. */
async function demandsFor(requestType: string, { row }: Target): Promise<Demands | undefined> {
  const platform = platformOf({ platform: row?.platform ?? undefined });
  return platform && demandsOf(requestType, platform);
}

function refusalOf(refusal: PrepareRefusal): TargetRefusal {
  if (refusal.reason === "cannot-complete")
    return { reason: refusal.reason, detail: `${refusal.key}: ${refusal.detail}` };
  const [first] = refusal.findings.filter(({ level }) => level === "error");
  return first ? { reason: first.code, detail: placed(first) } : { reason: refusal.reason, detail: "" };
}

const placed = ({ pointer, detail }: Finding): string => (pointer === "" ? detail : `${pointer}: ${detail}`);
