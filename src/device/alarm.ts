import { gatherMs } from "./outbox.ts";
import { type Duty, dutiesDue, nextDuty, waitsForD1 } from "./schedule.ts";
import type { Store } from "./store.ts";

/** By when work that was cut short, alarm and all, is found again. */
const takenUpAgainMs = 60_000;

/** The object's one alarm: set with the change that wants it, in the same write, to what is due next. */
export class Alarm {
  readonly #storage: DurableObjectStorage;
  readonly #store: Store;
  #at: number | null = null;

  constructor(storage: DurableObjectStorage, store: Store) {
    this.#storage = storage;
    this.#store = store;
  }

  /** The object has woken. */
  async find(): Promise<void> {
    this.#at = await this.#storage.getAlarm();
    // An alarm that fired just before the process died is used up, and what it was for is still to be done.
    if (this.#at === null) this.arm(Date.now());
  }

  /** When what is due now is done: with the alarm that is about to come, if one is. */
  soon(now: number): number {
    return Math.min(this.#at ?? now + gatherMs, now + gatherMs);
  }

  /** It has come: what is due, and as of when. */
  takeDuties(now: number): { due: Duty[]; asOf: number } {
    // Clocks differ between the one that sets an alarm and the one that fires it: what it was set for is due.
    const asOf = Math.max(now, this.#at ?? 0);
    const due = dutiesDue(this.#store, asOf);
    this.#at = null;
    // This alarm is used up: should the work be cut short, another one must find it.
    if (due.length > 0) this.#set(now + takenUpAgainMs);
    return { due, asOf };
  }

  /** Sets the alarm when something is due before it. `news`: the outbox has an event more. */
  arm(now: number, news = false): void {
    const soon = now + gatherMs;
    // An alarm that comes about now finds all that is due, also what this turn has added.
    if (this.#at !== null && this.#at <= soon) return;
    // Asking all duties costs more than what most turns do, and the news will not wait longer.
    const at = news && !waitsForD1(this.#store, soon) ? soon : nextDuty(this.#store, now);
    if (at !== null && (this.#at === null || at < this.#at)) this.#set(at);
  }

  /** Sets the alarm to what is due next, be it later than it was set to. */
  rearm(now: number): void {
    const at = nextDuty(this.#store, now);
    if (at !== null) {
      this.#set(at);
      return;
    }
    this.#at = null;
    void this.#storage.deleteAlarm();
  }

  /** It goes with all that is stored. */
  forget(): void {
    this.#at = null;
  }

  // Not awaited: the alarm is part of the same write as the change that wants it.
  #set(at: number): void {
    this.#at = at;
    void this.#storage.setAlarm(at);
  }
}
