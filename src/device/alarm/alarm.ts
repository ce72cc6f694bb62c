import { hour } from "../../base/time.ts";
import type { Store } from "../store/store.ts";
import { gatherMs, outboxDueAt, settledWithinMs } from "./outbox.ts";
import { type Duty, dutiesDue, isDutyDue, nextDuty, waitsForD1 } from "./schedule.ts";

/** How long until interrupted work is started again, even if its alarm was lost. */
const takenUpAgainMs = 60_000;

const firstRestMs = 30_000;
const longestRestMs = hour;

/** The object's one alarm. A change that needs it sets it in the same write, to the time of the next duty. */
export class Alarm {
  readonly #storage: DurableObjectStorage;
  readonly #store: Store;
  #at: number | null = null;
  /** Failed duties: how often in a row, and when they are tried again. Kept in memory: a new isolate tries them at once. */
  readonly #resting = new Map<Duty, { failures: number; until: number }>();

  constructor(storage: DurableObjectStorage, store: Store) {
    this.#storage = storage;
    this.#store = store;
  }

  /** Called when the object wakes. */
  async find(): Promise<void> {
    this.#at = await this.#storage.getAlarm();
    // An alarm that fired just before the process died does not come again, and its work is still to be done.
    if (this.#at === null) this.arm(Date.now());
  }

  /** When work that is due now is done: with the next alarm, if one comes soon. */
  soon(now: number): number {
    return Math.min(this.#at ?? now + gatherMs, now + gatherMs);
  }

  /** Called when the alarm fires. Returns the due duties and the time they are judged by. */
  takeDuties(now: number): { due: Duty[]; asOf: number } {
    // The clock that fires an alarm may differ from the one that set it: the duties it was set for are due.
    const asOf = Math.max(now, this.#at ?? 0);
    const due = dutiesDue(this.#store, asOf).filter((duty) => this.#restsUntil(duty) <= asOf);
    this.#at = null;
    // This alarm does not come again: if the work is interrupted, another alarm must find it.
    if (due.length > 0) this.#set(now + takenUpAgainMs);
    return { due, asOf };
  }

  /** A failed duty that planned no time itself would be due at once, and the alarm would fire without end. */
  failed(duty: Duty, now: number): void {
    if (!isDutyDue(this.#store, duty, now)) return;
    const { failures } = this.#resting.get(duty) ?? { failures: 0 };
    const until = now + Math.min(firstRestMs * 2 ** failures, longestRestMs);
    this.#resting.set(duty, { failures: failures + 1, until });
  }

  succeeded(duty: Duty): void {
    this.#resting.delete(duty);
  }

  /** Sets the alarm earlier if something is due before it. `newsInMs`: the outbox has an event that is due then. */
  arm(now: number, newsInMs?: number): void {
    const soon = now + (newsInMs ?? gatherMs);
    // An alarm that fires about then finds everything that is due, including what this turn added.
    if (this.#at !== null && this.#at <= soon) return;
    // Asking all duties costs more than most turns, and the news does not wait longer.
    const at = newsInMs !== undefined && !waitsForD1(this.#store, soon) ? soon : this.#next(now);
    if (at !== null && (this.#at === null || at < this.#at)) this.#set(at);
  }

  isSet(): boolean {
    return this.#at !== null;
  }

  /** Nothing else became due: all duties need not be asked. */
  armAt(at: number): void {
    if (this.#at === null || at < this.#at) this.#set(at);
  }

  /** Work was done before its alarm. Left as it is, an alarm this near would open the object again for nothing. */
  putOff(now: number, nearMs: number): void {
    if (this.comesWithin(now, nearMs) || outboxDueAt(this.#store) !== null) this.rearm(now);
  }

  /** Whether the alarm may be for what an exchange left. Without one it is not known. */
  comesWithin(now: number, nearMs: number): boolean {
    return this.#at === null || this.#at <= now + Math.max(nearMs, settledWithinMs);
  }

  /** Sets the alarm to the next duty, even if that is later than before. */
  rearm(now: number): void {
    const at = this.#next(now);
    if (at !== null) {
      if (at !== this.#at) this.#set(at);
      return;
    }
    if (this.#at === null) return;
    this.#at = null;
    void this.#storage.deleteAlarm();
  }

  /** The alarm is deleted with all storage. */
  forget(): void {
    this.#at = null;
  }

  #next = (now: number): number | null => nextDuty(this.#store, now, (duty) => this.#restsUntil(duty));

  #restsUntil = (duty: Duty): number => this.#resting.get(duty)?.until ?? 0;

  // Not awaited: the alarm is part of the same write as the change that needs it.
  #set(at: number): void {
    this.#at = at;
    void this.#storage.setAlarm(at);
  }
}
