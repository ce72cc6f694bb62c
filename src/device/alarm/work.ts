import { withDeadline } from "../../base/deadline.ts";
import { logFault } from "../../base/log.ts";
import { minute } from "../../base/time.ts";
import type { DeviceKeys } from "../sealing.ts";
import type { Store } from "../store/store.ts";
import type { Turns } from "../turns.ts";
import type { Alarm } from "./alarm.ts";
import type { DutyContext } from "./duty-context.ts";
import { gatherMs } from "./outbox.ts";
import { runDuty } from "./run-duty.ts";
import type { Duty } from "./schedule.ts";

/** A duty that takes longer than this waits for a server that does not answer. */
const longestDutyMs = 2 * minute;

type Surroundings = {
  store: Store;
  keys: DeviceKeys;
  turns: Turns;
  alarm: Alarm;
  context: () => DutyContext;
  /** How long the event of a queued command may wait. */
  queuedMs: () => number;
};

/**
 * What the object does by itself: the duties of its alarm, and at the end of an exchange those that the exchange left. They
 * are the same work, so one waits for the other.
 */
export class Work {
  readonly #around: Surroundings;
  #working: Promise<void> = Promise.resolve();

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** The alarm has fired. */
  async takeDuties(): Promise<void> {
    const { store, alarm } = this.#around;
    if (!store.exists()) return;
    const { due, asOf } = alarm.takeDuties(Date.now());
    if (due.length > 0 && !(await this.#mayWork())) return;
    await this.#alone(async () => {
      for (const duty of due) await this.do(duty, asOf);
    });
    if (store.exists()) alarm.rearm(Date.now());
  }

  /** The exchange is over, and the object is open: what was left is done now, not by an alarm that opens it once more. */
  async settle(): Promise<void> {
    const { store, turns, alarm, queuedMs } = this.#around;
    const owed = turns.takeOwed();
    if ((!owed.results && !owed.news) || !store.exists()) return;
    await this.#alone(async () => {
      const now = Date.now();
      const results = owed.results ? store.nextUnreadResultAt() : null;
      const hasResults = results !== null && results <= now + gatherMs;
      if (!hasResults && store.outboxDue() === null) return;
      if (!(await this.#mayWork())) return;
      turns.isAttended = true;
      if (hasResults) await this.do("read-results", now + gatherMs);
      turns.isAttended = false;
      await this.do("outbox", now);
      if (store.exists()) alarm.putOff(Date.now(), queuedMs());
    });
  }

  /** Does it now, whether or not it is due. */
  async do(duty: Duty, asOf: number): Promise<void> {
    const { store, alarm, context } = this.#around;
    const late = () => new Error(`it did not end within ${longestDutyMs} ms`);
    try {
      await withDeadline(longestDutyMs, () => runDuty(duty, context(), asOf), late);
      alarm.succeeded(duty);
    } catch (fault) {
      // Everything was deleted in the meantime.
      if (!store.stillExists()) return;
      // One duty that fails or hangs must not prevent the others.
      alarm.failed(duty, Math.max(asOf, Date.now()));
      logFault(`device.${duty}`, fault, { device_id: context().deviceId });
    }
  }

  #alone(work: () => Promise<void>): Promise<void> {
    this.#working = this.#working.then(work, work);
    return this.#working;
  }

  /** Duties open and seal, and give up after failures. So under a wrong key nothing is done, and it waits. */
  async #mayWork(): Promise<boolean> {
    try {
      await this.#around.keys.sealing();
      return true;
    } catch (fault) {
      logFault("device.keys", fault, { device_id: this.#around.context().deviceId });
      return false;
    }
  }
}
