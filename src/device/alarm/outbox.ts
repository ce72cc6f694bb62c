import type { DeviceEvent, NewEvent } from "../../events/event.ts";
import type { Store } from "../store/store.ts";

/**
 * Events go from the object to the directory. They are written with the change they report, and delivered in batches, in
 * order, at least once: at the end of a device's exchange, or else by the alarm. A device never waits for this, and nothing
 * is lost while D1 is unavailable.
 */
export const gatherMs = 1_000;

/**
 * When the alarm finds what the end of an exchange did not deliver, because the process ended. A little after the alarm for
 * a device that was woken and does not come: one is enough for both.
 */
export const settledWithinMs = 150_000;

/**
 * The administrator who queued a command has the answer, and the device is on its way: what it says about the command
 * leaves together with this. Meanwhile nothing wakes the object, which would cost more than all the rest.
 */
const mayWait = ({ name }: NewEvent): boolean => name === "command.queued";

const mostCarried = 20;

/**
 * Who queues a command can bring its news to the directory, in the same call as other things: then nothing wakes the object
 * for that. Only if nothing else waits, because events arrive in order. The rows stay until the object delivers again: the
 * one who brings them may die. Undefined: the object must deliver by itself.
 */
export function carriedBefore(store: Store, events: readonly NewEvent[]): DeviceEvent[] | undefined {
  const before = store.outbox(mostCarried);
  const mayCarry = before.length < mostCarried && [...before, ...events].every(mayWait);
  return mayCarry ? before : undefined;
}

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
  #last = 0;

  write(store: Store, events: readonly NewEvent[], now: number, dueAt: number): DeviceEvent[] {
    return events.map((event) => {
      const written = { at: now, ...event };
      this.#last = store.putOutbox(written, Math.max(this.#last + 1, now * 1000), dueAt);
      return { ...written, seq: this.#last };
    });
  }
}

/** When the outbox is to be delivered; null when it is empty. */
export function outboxDueAt(store: Store): number | null {
  const due = store.outboxDue();
  return due === null ? null : Math.max(due, store.device().outbox_retry_at ?? 0);
}
