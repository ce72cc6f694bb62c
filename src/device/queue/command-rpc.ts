import type { Bytes } from "../../base/bytes.ts";
import { ok, type Result, refuse } from "../../base/result.ts";
import type { Demands } from "../../catalog/demands.ts";
import { hasLeft } from "../../events/event.ts";
import type { QueuedNews } from "../../events/queued-news.ts";
import type { EnrollmentTerms } from "../identity/enrollment.ts";
import type { FinishedRow, NewCommand, QueueRow } from "../store/rows.ts";
import type { Store } from "../store/store.ts";
import type { Turn } from "../turn.ts";
import { traitsOf } from "../turn.ts";
import type { Vault } from "../vault.ts";
import { type KnownEnrollment, type UnmetDemand, unmetDemand } from "./demands.ts";
import { finishUnanswered, queuedEvent } from "./finish.ts";
import { isBackground } from "./origins.ts";
import { forgetPushPlan, waitAfter } from "./push-again.ts";

export type CommandInput = {
  uuid: string;
  /** Empty for the device channel. */
  userId: string;
  requestType: string;
  high: boolean;
  /** The only command that an expired identity may still fetch. */
  renewal: boolean;
  expiresAt: number | null;
  /** Who asked: the id of a token, or a part of the server. */
  origin: string;
  /** Whether the device is pushed at once; otherwise it finds the command when it next connects. */
  push: boolean;
  /** The caller brings the news to the directory, if it gets them with the answer. */
  carries?: boolean;
  /** Refused while another command of this type waits, because it depends on the result of that one. */
  alone?: boolean;
  /** Only for a known device; otherwise the command also waits for a device that has not enrolled yet. */
  ifKnown?: boolean;
  /** Refused if the enrollment does not meet them. */
  demands?: Demands;
};

/** A secret in a command. It is escrowed in the same write that queues the command. */
export type CommandSecret = {
  name: string;
  value: Bytes;
  /** Valid from now on; otherwise once the device has acknowledged the command. */
  confirmed: boolean;
};

/** A command as the object knows it, always up to date. */
export type CommandHeader = {
  id: number;
  uuid: string;
  userId: string;
  requestType: string;
  state: QueueRow["state"] | FinishedRow["state"];
  /** Null once the command has left the queue. */
  high: boolean | null;
  origin: string;
  queuedAt: number;
  sentAt: number | null;
  finishedAt: number | null;
  expiresAt: number | null;
  error: string | null;
  resultSize: number;
  truncated: boolean;
  /** In an answer to enqueue: the command was not queued before. */
  added?: true;
  /** In an answer to enqueue: what the caller is to bring to the directory (events/queued-news.ts). */
  news?: QueuedNews[];
};

export type CommandRefusal =
  | UnmetDemand
  | { reason: "unknown-device"; detail: string }
  | { reason: "unknown-channel"; detail: string }
  | { reason: "device-unenrolled"; detail: string }
  | { reason: "queue-full"; detail: string }
  | { reason: "already-waiting"; detail: string }
  | { reason: "uuid-taken"; detail: string }
  | { reason: "no-such-command"; detail: string }
  | { reason: "not-cancellable"; state: CommandHeader["state"]; detail: string };

const longestQueue = 2_000;

/** Before the turn: sealing awaits. */
export const sealForQueue = async (
  vault: Vault,
  uuid: string,
  body: Bytes,
  secrets: readonly CommandSecret[],
): Promise<{ body: Bytes; secrets: CommandSecret[] }> => ({
  body: await vault.sealCommand(uuid, body),
  secrets: await Promise.all(
    secrets.map(async (secret) => ({ ...secret, value: await vault.sealEscrow(secret.name, secret.value) })),
  ),
});

/** Queues a command once, even if it is called several times. */
export function enqueue(
  turn: Turn,
  input: CommandInput,
  body: Bytes,
  secrets: readonly CommandSecret[] = [],
): Result<CommandHeader, CommandRefusal> {
  const { store, now } = turn;
  if (!store.exists()) {
    if (input.ifKnown) return refuse(unknownDevice(turn));
    store.create(turn.deviceId);
  }
  const known = findCommand(turn, input.userId, input.uuid);
  if (known !== undefined) {
    return known.requestType === input.requestType ? ok(known) : refuse(uuidTaken(known));
  }
  const refusal = unwilling(turn, input);
  if (refusal !== undefined) return refuse(refusal);
  const command: NewCommand = {
    user_id: input.userId,
    uuid: input.uuid,
    request_type: input.requestType,
    high: input.high ? 1 : 0,
    renewal: input.renewal ? 1 : 0,
    queued_at: now,
    expires_at: input.expiresAt,
    origin: input.origin,
    push: input.push ? 1 : 0,
  };
  if (input.push && !store.wantedChannels().some(({ user_id }) => user_id === input.userId)) {
    forgetPushPlan(store, input.userId);
  }
  store.enqueue(command, body);
  const { generation } = store.device();
  for (const { name, value, confirmed } of secrets) {
    store.storeEscrow(name, input.userId, generation, now, value, { commandUuid: input.uuid, confirmed });
    turn.tell({ name: "escrow.stored", detail: { name, uuid: input.uuid, confirmed } });
  }
  if (!isBackground(command)) turn.tell(queuedEvent(command));
  if (input.expiresAt !== null) turn.planAt(input.expiresAt);
  if (input.push) {
    turn.wake(input.userId);
    turn.planAt(now + waitAfter(0));
  }
  return ok({ ...headerOf(store.queuedByUuid(input.userId, input.uuid) as QueueRow), added: true });
}

function unwilling(
  { store }: Turn,
  { userId, requestType, alone, demands }: CommandInput,
): CommandRefusal | undefined {
  if (hasLeft(store.device().state)) {
    return {
      reason: "device-unenrolled",
      detail: "the device has ended its enrollment, or was erased; it would never fetch this",
    };
  }
  if (userId !== "" && store.channel(userId) === undefined) {
    return unknownChannel(userId);
  }
  const unmet = demands && unmetDemand(demands, enrollmentOf(store), userId);
  if (unmet) return unmet;
  if (alone && store.isWaiting(requestType)) {
    return {
      reason: "already-waiting",
      detail: `a ${requestType} already waits, and this one depends on its result; cancel it, or wait for its result`,
    };
  }
  if (store.waitingCount() >= longestQueue) {
    return {
      reason: "queue-full",
      detail: `${longestQueue} commands already wait; cancel some, or let the device fetch them`,
    };
  }
  return undefined;
}

function enrollmentOf(store: Store): KnownEnrollment {
  const device = store.device();
  const { profile } = JSON.parse(device.terms ?? "{}") as Partial<EnrollmentTerms>;
  const rights = profile?.AccessRights;
  return {
    accessRights: typeof rights === "number" ? rights : undefined,
    byUser: store.channels().some(({ kind }) => kind === "user_enrollment"),
    sharedIpad: traitsOf(device).sharedIpad,
  };
}

/** `force`: also a command that the device has fetched. The device may still carry it out; its report changes nothing. */
export function cancel(
  turn: Turn,
  userId: string,
  uuid: string,
  force = false,
): Result<CommandHeader, CommandRefusal> {
  const waiting = turn.store.exists() ? turn.store.queuedByUuid(userId, uuid) : undefined;
  if (waiting === undefined) {
    const known = findCommand(turn, userId, uuid);
    if (known === undefined) return refuse(noSuchCommand(uuid));
    if (known.state === "cancelled") return ok(known);
    return refuse(notCancellable(known.state));
  }
  if (waiting.state === "sent" && !force) return refuse(notCancellable("sent"));
  finishUnanswered(turn, waiting, "cancelled", waiting.state === "sent" ? fetchedBefore : null);
  return ok(findCommand(turn, userId, uuid) as CommandHeader);
}

export function findCommand({ store }: Turn, userId: string, uuid: string): CommandHeader | undefined {
  if (!store.exists()) return undefined;
  const row = store.queuedByUuid(userId, uuid) ?? store.finishedByUuid(userId, uuid);
  return row && headerOf(row);
}

/** Waiting and finished, newest first; ids below `before`. */
export function listCommands(
  turn: Turn,
  userId: string,
  limit: number,
  before = Number.MAX_SAFE_INTEGER,
): Result<CommandHeader[], CommandRefusal> {
  const { store } = turn;
  if (!store.exists()) return refuse(unknownDevice(turn));
  const waiting = store.queue(userId).filter(({ id }) => id < before);
  const found = [...waiting, ...store.finished(userId, before, limit)];
  // A user who is no longer managed may still have a history.
  if (found.length === 0 && userId !== "" && store.channel(userId) === undefined) {
    return refuse(unknownChannel(userId));
  }
  const newestFirst = found.sort((a, b) => b.id - a.id);
  return ok(newestFirst.slice(0, limit).map(headerOf));
}

function headerOf(row: QueueRow | FinishedRow): CommandHeader {
  const finished = "finished_at" in row ? row : undefined;
  return {
    id: row.id,
    uuid: row.uuid,
    userId: row.user_id,
    requestType: row.request_type,
    state: row.state,
    high: "high" in row ? row.high === 1 : null,
    origin: row.origin,
    queuedAt: row.queued_at,
    sentAt: row.sent_at,
    finishedAt: finished?.finished_at ?? null,
    expiresAt: "expires_at" in row ? row.expires_at : null,
    error: finished?.error ?? null,
    resultSize: finished?.result_size ?? 0,
    truncated: finished?.result_form === "truncated",
  };
}

const unknownDevice = ({ deviceId }: Turn): CommandRefusal => ({
  reason: "unknown-device",
  detail: `no device has the id ${deviceId}`,
});

const unknownChannel = (userId: string): CommandRefusal => ({
  reason: "unknown-channel",
  detail: `the device has no user channel ${JSON.stringify(userId)}`,
});

const uuidTaken = ({ uuid, requestType }: CommandHeader): CommandRefusal => ({
  reason: "uuid-taken",
  detail: `the command ${uuid} of this channel is a ${requestType}; choose another uuid`,
});

const noSuchCommand = (uuid: string): CommandRefusal => ({
  reason: "no-such-command",
  detail: `no command ${uuid} is known on this channel`,
});

const notCancellable = (state: CommandHeader["state"]): CommandRefusal => ({
  reason: "not-cancellable",
  state,
  detail:
    state === "sent"
      ? "the device already has the command; ?force=true cancels it anyway, but the device may still carry it out"
      : `the command is already ${state}`,
});

const fetchedBefore = "cancelled after the device had fetched it";
