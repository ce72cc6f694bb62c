import { ok, type Result, refuse } from "../../base/result.ts";
import { day, hour, minute } from "../../base/time.ts";
import { answerText, type PushAnswer, type PushAsk } from "../../push/answer.ts";
import type { ChannelRow, WantedChannel } from "../store/rows.ts";
import type { Store } from "../store/store.ts";
import type { Turn } from "../turn.ts";

/**
 * When a device is woken, and what is stored about the outcome.
 *
 * A push goes out when a command is queued. It writes nothing, because the row of the command has the time. Only pushes
 * without success are stored and repeated: soon, then at growing intervals, as long as the command waits.
 *
 * The surprise: Apple keeps the last push to a device that is off, so most of this is for pushes that were lost.
 */

/** From a push without a connect to the next push. The first is for the push at the time of queueing. */
const waits = [2 * minute, 10 * minute, 30 * minute, hour, 3 * hour, 6 * hour, 12 * hour, day] as const;
/** All waiting commands were answered with NotNow: the device returns by itself; this is in case it does not. */
const putOffMs = hour;

export const waitAfter = (attempts: number): number => waits[Math.min(attempts, waits.length - 1)] ?? day;

/** What the gateway of a topic needs to wake one channel. */
export type PushTarget = { userId: string; topic: string; ask: PushAsk };

export type PushTargetRefusal = { reason: "unknown-channel" | "no-token" | "unreachable"; detail: string };

export function pushTargetOf(row: ChannelRow | undefined): Result<PushTarget, PushTargetRefusal> {
  if (row === undefined) {
    return refuse({ reason: "unknown-channel", detail: "the device has no such channel" });
  }
  const { user_id, topic, push_token, push_magic } = row;
  if (row.enabled !== 1 || !topic || push_token === null || push_magic === null) {
    return refuse({ reason: "no-token", detail: "the channel is not enabled: there is nothing to push to" });
  }
  if (row.unreachable === 1) {
    return refuse({
      reason: "unreachable",
      detail: `Apple refuses pushes to it (${row.push_outcome}) until the device sends its next TokenUpdate`,
    });
  }
  const ask = { token: new Uint8Array(push_token), PushMagic: push_magic };
  return ok({ userId: user_id, topic, ask });
}

/** Channels that are due to be woken again, because they did not fetch their waiting commands. */
export const pushesDue = (store: Store, now: number): PushTarget[] =>
  dueTimes(store)
    .filter(({ at }) => at <= now)
    .map(({ wake }) => wake);

export function pushDueAt(store: Store): number | null {
  const times = dueTimes(store).map(({ at }) => at);
  return times.length > 0 ? Math.min(...times) : null;
}

function dueTimes(store: Store): { wake: PushTarget; at: number }[] {
  return store.wantedChannels().flatMap((wanted) => {
    const row = store.channel(wanted.user_id);
    const wake = pushTargetOf(row);
    // Without a certificate we can only wait for one.
    if (row === undefined || !wake.ok || row.push_outcome?.startsWith("no-certificate")) return [];
    return [{ wake: wake.value, at: dueAt(row, wanted) }];
  });
}

function dueAt({ push_at, token_update_at }: ChannelRow, { moved_at, put_off }: WantedChannel): number {
  if (push_at !== null) return push_at;
  // This token was never used for a push.
  if ((token_update_at ?? 0) >= moved_at) return token_update_at ?? 0;
  return moved_at + (put_off === 1 ? putOffMs : waitAfter(0));
}

/**
 * There is a new push certificate for these topics: channels whose pushes failed without it are due now. Returns their
 * number; the alarm sends the pushes.
 */
export function pushCertificateCame(turn: Turn, topics: readonly string[]): number {
  const { store, now } = turn;
  const waiting = store
    .wantedChannels()
    .map(({ user_id }) => store.channel(user_id))
    .filter((row) => row !== undefined)
    .filter(({ topic, push_outcome }) => topics.includes(topic ?? "") && lackedCertificate(push_outcome));
  for (const { user_id } of waiting)
    store.setChannel(user_id, { push_outcome: null, push_at: now, push_attempts: 0 });
  if (waiting.length > 0) turn.plan();
  return waiting.length;
}

const lackedCertificate = (outcome: string | null): boolean =>
  outcome !== null && /^(no-certificate|certificate-trouble|topic-trouble)/.test(outcome);

/** The plan for commands that no longer wait is deleted: the next command starts a new one. */
export function forgetPushPlan(store: Store, userId: string): void {
  const row = store.channel(userId);
  if (row !== undefined && (row.push_at !== null || row.push_attempts > 0)) {
    store.setChannel(userId, { push_at: null, push_attempts: 0 });
  }
}

/** Some waiting commands were answered with NotNow, and the device will not return for them by itself. */
export function planAfterVisit(store: Store, row: ChannelRow, now: number): void {
  const at = now + Math.max(15 * minute, waitAfter(row.push_attempts));
  if (row.push_at === null || row.push_at > at) store.setChannel(row.user_id, { push_at: at });
}

/** `again`: it was a repeated push after an earlier one without success. `random` is from 0 to 1. */
export function keepPushAnswer(
  turn: Turn,
  { userId, ask }: PushTarget,
  answer: PushAnswer,
  { again, random }: { again: boolean; random: number },
): void {
  const { store, now } = turn;
  const row = store.channel(userId);
  // A TokenUpdate may have come in between; then this result is about the old token.
  if (row?.push_token === null || row === undefined || !isSame(row.push_token, ask.token)) return;
  const outcome = { push_outcome: answerText(answer), push_outcome_at: now };
  if (endsToken(row, answer)) {
    store.setChannel(userId, { ...outcome, unreachable: 1 });
    turn.tell({
      name: "channel.unreachable",
      ...(userId ? { userId } : {}),
      detail: { reason: answerText(answer) },
    });
    return;
  }
  if (again) {
    const leastMs = answer.outcome === "retry" ? answer.afterSeconds * 1000 : 0;
    const waitMs = Math.max(waitAfter(row.push_attempts + 1), leastMs) * (0.9 + random / 5);
    const next = { push_attempts: row.push_attempts + 1, push_at: Math.round(now + waitMs) };
    store.setChannel(userId, { ...outcome, ...next });
  } else if (row.push_outcome !== outcome.push_outcome || (row.push_outcome_at ?? 0) + day <= now) {
    // An unchanged outcome is written once a day, because each written row costs money.
    store.setChannel(userId, outcome);
  }
}

/** Apple says since when a token is invalid: a later TokenUpdate makes it valid again. */
function endsToken({ token_update_at }: ChannelRow, answer: PushAnswer): boolean {
  if (answer.outcome === "token-for-other-topic") return true;
  if (answer.outcome !== "unregistered") return false;
  return answer.since === undefined || answer.since >= (token_update_at ?? 0);
}

const isSame = (kept: ArrayBuffer, token: Uint8Array): boolean =>
  Buffer.compare(new Uint8Array(kept), token) === 0;
