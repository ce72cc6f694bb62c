import type { EventRow } from "../db/events.ts";
import { type Delivered, isReceiversFault, type Tried } from "./lanes.ts";
import { afterTurn, messageGapMs, type TurnOutcome } from "./pace.ts";
import type { LogEntry, Progress, WebhookStore } from "./store.ts";

/**
 * Stores the results of a turn: the new position, waiting messages, dead letters, and the log, in one transaction.
 * `before` is the state at the beginning of the turn.
 */
export function settle(
  store: WebhookStore,
  before: Progress,
  cursor: number,
  { tried, untried }: Delivered,
  held: readonly EventRow[],
  now: number,
): Progress {
  const present = store.progress();
  const turn = outcomeOf(tried);
  const health = afterTurn(present, turn, Math.random(), now);
  const after: Progress = { ...present, ...health };
  if (present.failures > 0 && after.failures === 0) store.hurry();
  store.addToLog(tried.map(entryOf));
  // The position was changed in the meantime: the results of this turn are only in the log.
  if (present.moves === before.moves) {
    after.cursor = cursor;
    for (const parcel of tried) settleOne(store, parcel, turn.isAlive, after.retryAt, now);
    for (const { event, isStored } of untried) if (!isStored) store.putWaiting(event, 0, 0);
    for (const event of held) store.putWaiting(event, 0, 0);
  }
  store.setProgress(after);
  return after;
}

function settleOne(
  store: WebhookStore,
  { event, attempts, isStored, answer }: Tried,
  isAlive: boolean,
  retryAt: number,
  now: number,
): void {
  if (answer.fault === null) {
    if (isStored) store.dropWaiting(event.id);
    return;
  }
  // If the receiver accepts nothing at all, it is not the fault of a message.
  const failures = isAlive ? attempts + 1 : attempts;
  const gap = isAlive ? messageGapMs(failures, Math.random()) : 0;
  if (gap !== undefined) {
    store.putWaiting(event, failures, Math.max(now + gap, retryAt));
    return;
  }
  store.dropWaiting(event.id);
  store.bury(event, failures, answer.fault, now);
}

const outcomeOf = (tried: readonly Tried[]): TurnOutcome => ({
  isAlive: tried.some(({ answer }) => !isReceiversFault(answer)),
  hasFailed: tried.length > 0,
  askedMs: Math.max(0, ...tried.map(({ answer }) => answer.askedMs)),
});

const entryOf = ({ event, attempts, answer, at }: Tried): LogEntry => ({
  at,
  eventId: event.id,
  name: event.name,
  deviceId: event.deviceId,
  attempt: attempts + 1,
  status: answer.status,
  fault: answer.fault,
  ms: answer.ms,
});
