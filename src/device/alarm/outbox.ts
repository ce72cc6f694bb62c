import type { NewEvent } from "../../events/event.ts";
import type { Store } from "../store/store.ts";

/**
 * Events leave the object for the directory: written beside the change they tell of, delivered by the alarm in
 * batches, in order, at least once. A device never waits for this, and nothing is lost while D1 is away.
 */
export const gatherMs = 1_000;

/**
 * Sequence numbers rise for ever, also over the deletion of a device and over an empty outbox: they begin at the
 * time, in microseconds, and count on from there.
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
): void {
  for (const event of events) {
    store.putOutbox({ seq: sequence.next(now, store.lastSeq), at: now, ...event });
  }
}

/** When the outbox wants to be emptied; null when it is empty. */
export function outboxDueAt(store: Store): number | null {
  const oldest = store.outboxOldest();
  return oldest === null ? null : Math.max(oldest + gatherMs, store.device().outbox_retry_at ?? 0);
}
