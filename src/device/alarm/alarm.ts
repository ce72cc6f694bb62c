import { hour } from "../../base/time.ts";
import type { Store } from "../store/store.ts";
import { gatherMs } from "./outbox.ts";
import { type Duty, dutiesDue, isDutyDue, nextDuty, waitsForD1 } from "./schedule.ts";

/** By when work that was cut short, alarm and all, is found again. */
const takenUpAgainMs = 60_000;

const firstRestMs = 30_000;
const longestRestMs = hour;

/** The object's one alarm: set with the change that wants it, in the same write, to what is due next. */
export class Alarm {
  readonly #storage: DurableObjectStorage;
  readonly #store: Store;
  #at: number | null = null;
  /** Duties that failed: how often in a row, and until when they rest. Forgotten with the isolate: then they are tried. */
  readonly #resting = new Map<Duty, { failures: number; until: number }>();

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
    const due = dutiesDue(this.#store, asOf).filter((duty) => this.#restsUntil(duty) <= asOf);
    this.#at = null;
    // This alarm is used up: should the work be cut short, another one must find it.
    if (due.length > 0) this.#set(now + takenUpAgainMs);
    return { due, asOf };
  }

  /** A duty that failed and planned nothing itself would be due at once, and the alarm would never rest. */
  failed(duty: Duty, now: number): void {
    if (!isDutyDue(this.#store, duty, now)) return;
    const { failures } = this.#resting.get(duty) ?? { failures: 0 };
    const until = now + Math.min(firstRestMs * 2 ** failures, longestRestMs);
    this.#resting.set(duty, { failures: failures + 1, until });
  }

  succeeded(duty: Duty): void {
    this.#resting.delete(duty);
  }

  /** Sets the alarm when something is due before it. `news`: the outbox has an event more. */
  arm(now: number, news = false): void {
    const soon = now + gatherMs;
    // An alarm that comes about now finds all that is due, also what this turn has added.
    if (this.#at !== null && this.#at <= soon) return;
    // Asking all duties costs more than what most turns do, and the news will not wait longer.
    const at = news && !waitsForD1(this.#store, soon) ? soon : this.#next(now);
    if (at !== null && (this.#at === null || at < this.#at)) this.#set(at);
  }

  /** Sets the alarm to what is due next, even if that is later than it was set to. */
  rearm(now: number): void {
    const at = this.#next(now);
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

  #next = (now: number): number | null => nextDuty(this.#store, now, (duty) => this.#restsUntil(duty));

  #restsUntil = (duty: Duty): number => this.#resting.get(duty)?.until ?? 0;

  // Not awaited: the alarm is part of the same write as the change that wants it.
  #set(at: number): void {
    this.#at = at;
    void this.#storage.setAlarm(at);
  }
}
