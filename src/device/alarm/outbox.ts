import type { NewEvent } from "../../events/event.ts";
import type { Store } from "../store/store.ts";

/**
 * Events go from the object to the directory. They are written with the change they report, and delivered in batches, in
 * order, at least once: at the end of a device's exchange, or else by the alarm. A device never waits for this, and nothing
 * is lost while D1 is unavailable.
 */
export const gatherMs = 1_000;

/** When the alarm finds what the end of an exchange did not deliver, because the process ended. */
export const settledWithinMs = 60_000;

/**
 * The administrator who queued a command has the answer, and the device is on its way: what it says about the command
 * leaves together with this. Meanwhile nothing wakes the object, which would cost more than all the rest.
 */
const mayWait = ({ name }: NewEvent): boolean => name === "command.queued";

/** The setting; else while the object is awake anyway: a device that was woken comes sooner. */
export const queuedEventMs = ({ QUEUED_NEWS_SECONDS }: Pick<Env, "QUEUED_NEWS_SECONDS">): number =>
  Number(QUEUED_NEWS_SECONDS || 5) * 1000;

/** How long the directory waits for these events. `queuedMs`: for those that may wait. */
export const patienceFor = (events: readonly NewEvent[], queuedMs: number): number =>
  events.every(mayWait) ? Math.max(queuedMs, gatherMs) : gatherMs;

/**
 * Sequence numbers always rise, even after a device is deleted and after the outbox is empty: they start at the current
 * time in microseconds and count up from there.
 */
export class Sequence {
  #last: number | undefined;

  next(now: number, lastInOutbox: () => number): number {
    this.#last = Math.max(this.#last ?? lastInOutbox(), now * 1000 - 1) + 1;
    return this.#last;
  }
}

export function writeEvents(
  store: Store,
  sequence: Sequence,
  events: readonly NewEvent[],
  now: number,
  dueAt: number,
): void {
  for (const event of events) {
    store.putOutbox({ seq: sequence.next(now, store.lastSeq), at: now, ...event }, dueAt);
  }
}

/** When the outbox is to be delivered; null when it is empty. */
export function outboxDueAt(store: Store): number | null {
  const due = store.outboxDue();
  return due === null ? null : Math.max(due, store.device().outbox_retry_at ?? 0);
}
