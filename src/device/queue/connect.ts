import { hour } from "../../base/time.ts";
import type { Report, ReportStatus } from "../../mdm/report.ts";
import { admit, refuseMessage } from "../identity/admission.ts";
import { laterSigning } from "../identity/signing-time.ts";
import { empty, type Reply } from "../reply.ts";
import { type ChannelRow, type QueueRow, type StoredResult, toWaiting } from "../store/rows.ts";
import { aboutUser, channelKey, type DeviceTurn, type Turn } from "../turn.ts";
import { finishAnswered, finishUnanswered } from "./finish.ts";
import {
  type ConnectMoment,
  isExpired,
  mostUnanswered,
  nextCommand,
  onlyAsks,
  pollsByItself,
} from "./next-command.ts";
import { isBackground } from "./origins.ts";
import { forgetPushPlan, planAfterVisit } from "./push-again.ts";

/**
 * A device connects: its report is stored, and it gets the next command of its channel or an empty answer.
 * https://developer.apple.com/documentation/devicemanagement/sending-mdm-commands-to-a-device
 */
export type ConnectReply = { instead: Reply } | Offer;

/** `sent`: the command leaves once its text is opened. */
export type Offer = { sent: Sent } | { done: true };

export type Sent = {
  /** The state before. */
  command: QueueRow;
  body: ArrayBuffer;
  moment: ConnectMoment;
  /** The device's status, for whichever command. */
  said: ReportStatus;
};

/** `keep`: stores what was read in the result already. */
export function connect(
  turn: DeviceTurn,
  report: Report,
  result: StoredResult | undefined,
  keep?: (turn: Turn) => void,
): ConnectReply {
  const admission = admit(turn);
  if ("instead" in admission) return admission;
  const { admitted: speaks } = admission;
  if (speaks.as === "pending") {
    const detail = "this enrollment begins with the TokenUpdate of the device channel";
    return { instead: refuseMessage(turn, { reason: "not-committed", detail }) };
  }
  const key = channelKey(turn.channel);
  const settled = settle(turn, turn.store.queue(key), report, result, keep);
  const channel = turn.store.channel(key);
  // A channel that is not enabled may send its last report but gets no command. A body that cannot be read gets none
  // either: the device's key may have signed those bytes for another purpose.
  if (channel?.enabled !== 1 || report.undecodable !== undefined) return { instead: empty };
  markSeen(turn);
  const waiting = withoutExpired(turn, settled.waiting);
  tellUnanswered(turn, waiting);
  const wasRefused = waiting.some(({ refusals }) => refusals > 0);
  if (report.Status === "Idle" && wasRefused) turn.store.forgetRefusals(key);
  const moment = {
    status: settled.known ? report.Status : "Acknowledged",
    now: turn.now,
    renewalOnly: speaks.graceOnly,
    configurationOnly: report.UserConfiguration,
  };
  return offer(turn, channel, waiting, { moment, said: report.Status });
}

type Asking = Pick<Sent, "moment" | "said">;

function offer(turn: DeviceTurn, channel: ChannelRow, waiting: readonly QueueRow[], asking: Asking): Offer {
  const { moment, said } = asking;
  const next = nextCommand(waiting.map(toWaiting), moment);
  const command = waiting.find(({ id }) => id === next?.id);
  if (command === undefined) {
    planNextPush(turn, channel, waiting, said);
    return { done: true };
  }
  const body = turn.store.markSent(command, turn.now, onlyAsks(command.request_type));
  return body === undefined ? { done: true } : { sent: { command, body, moment, said } };
}

/** The text of the offered command can never be opened: the command ends, and the next one is offered. */
export function offerAnother(turn: DeviceTurn, { command, moment, said }: Sent, why: string): Offer {
  const { store } = turn;
  const channel = store.exists() ? store.channel(command.user_id) : undefined;
  if (channel?.enabled !== 1) return { done: true };
  const unreadable = store.queuedByUuid(command.user_id, command.uuid);
  if (unreadable) finishUnanswered(turn, unreadable, "error", why);
  return offer(turn, channel, store.queue(command.user_id), { moment, said });
}

/** Reported once, when the command moves behind the others. */
function tellUnanswered(turn: DeviceTurn, waiting: readonly QueueRow[]): void {
  for (const { id, uuid, request_type, state, unanswered } of waiting) {
    if (state !== "sent" || unanswered !== mostUnanswered) continue;
    turn.store.setUnanswered(id, unanswered + 1);
    turn.tell({
      name: "command.unanswered",
      ...aboutUser(turn.channel),
      detail: { uuid, request_type, fetched: unanswered },
    });
  }
}

/** The queue after the report; `known`: false if the report was about a command that does not wait. */
type Settled = { known: boolean; waiting: readonly QueueRow[] };

/** Stores the device's report about a command. */
function settle(
  turn: DeviceTurn,
  queue: readonly QueueRow[],
  report: Report,
  result: StoredResult | undefined,
  keep: ((turn: Turn) => void) | undefined,
): Settled {
  if (report.undecodable !== undefined) turn.tell(undecodableEvent(turn, report.undecodable));
  if (report.CommandUUID === undefined) return { known: true, waiting: queue };
  const command = queue.find(({ uuid }) => uuid === report.CommandUUID);
  if (command === undefined) {
    ignoreResult(turn, channelKey(turn.channel), report.CommandUUID, report);
    return { known: false, waiting: queue };
  }
  if (report.Status === "NotNow") {
    if (command.state !== "not_now" && command.sends <= 1 && !isBackground(command))
      turn.tell(notNowEvent(turn, command));
    turn.store.markNotNow(command);
    const putOff = { ...command, state: "not_now" as const, refusals: command.refusals + 1 };
    return { known: true, waiting: queue.map((one) => (one === command ? putOff : one)) };
  }
  if (result === undefined) return { known: true, waiting: queue };
  finishAnswered(turn, command, report, result, keep);
  if (turn.store.device().state === "erased") return { known: true, waiting: [] };
  return { known: true, waiting: queue.filter((one) => one !== command) };
}

/** Repeated reports are usual and harmless. A report about an unknown command, or a different one, leaves an event. */
function ignoreResult(turn: DeviceTurn, key: string, uuid: string, report: Report): void {
  const known = turn.store.finishedByUuid(key, uuid);
  const repeats = known !== undefined && known.state !== "cancelled" && known.state !== "expired";
  if (repeats || turn.store.wasRead(key, uuid) || turn.store.unreadResultByUuid(key, uuid)) return;
  turn.tell({
    name: "command.result_ignored",
    ...aboutUser(turn.channel),
    detail: { uuid: uuid.slice(0, 200), status: report.Status, known: known?.state ?? null },
  });
}

const undecodableEvent = (turn: DeviceTurn, reason: string) => ({
  name: "command.result_undecodable" as const,
  ...aboutUser(turn.channel),
  detail: { reason: reason.slice(0, 500) },
});

const notNowEvent = (turn: DeviceTurn, command: QueueRow) => ({
  name: "command.not_now" as const,
  ...aboutUser(turn.channel),
  detail: { uuid: command.uuid, request_type: command.request_type },
  change: {
    command: {
      uuid: command.uuid,
      userId: command.user_id,
      requestType: command.request_type,
      state: "not_now" as const,
      queuedAt: command.queued_at,
      origin: command.origin,
    },
  },
});

function withoutExpired(turn: DeviceTurn, waiting: readonly QueueRow[]): QueueRow[] {
  const [expired, live] = [
    waiting.filter(({ expires_at }) => isExpired({ expiresAt: expires_at }, turn.now)),
    waiting.filter(({ expires_at }) => !isExpired({ expiresAt: expires_at }, turn.now)),
  ];
  for (const command of expired) finishUnanswered(turn, command, "expired", null);
  return live;
}

const seenEvery = hour;

/** Each written row costs money: the time is stored to the hour. */
function markSeen(turn: DeviceTurn): void {
  const { store, device, now, channel } = turn;
  if (channel.userId !== undefined || (device?.last_seen_at ?? 0) + seenEvery > now) return;
  store.setDevice({ last_seen_at: now, ...laterSigning(turn, device) });
  turn.tell({ name: "device.seen", detail: {}, change: { device: { lastSeenAt: now } }, quiet: true });
}

/** The exchange is over, with or without commands that the device answered with NotNow. */
function planNextPush(
  turn: DeviceTurn,
  channel: ChannelRow,
  waiting: readonly QueueRow[],
  status: ReportStatus,
): void {
  if (!waiting.some(({ push }) => push === 1)) forgetPushPlan(turn.store, channel.user_id);
  else if (!pollsByItself(status)) {
    planAfterVisit(turn.store, channel, turn.now);
    turn.plan();
  }
}
