import type { NewEvent } from "../../events/event.ts";
import type { Store } from "../store/store.ts";

/**
 * Events go from the object to the directory. They are written with the change they report, and the alarm delivers them
 * in batches, in order, at least once. A device never waits for this, and nothing is lost while D1 is unavailable.
 */
export const gatherMs = 1_000;

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
): void {
  for (const event of events) {
    store.putOutbox({ seq: sequence.next(now, store.lastSeq), at: now, ...event });
  }
}

/** When the outbox is to be delivered; null when it is empty. */
export function outboxDueAt(store: Store): number | null {
  const oldest = store.outboxOldest();
  return oldest === null ? null : Math.max(oldest + gatherMs, store.device().outbox_retry_at ?? 0);
}
