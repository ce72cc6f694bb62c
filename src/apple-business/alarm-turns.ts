import { minute } from "../base/time.ts";

/** By when a turn that was cut short, alarm and all, is taken up again. */
const takenUpAgainMs = 2 * minute;
const faultRetryMs = minute;

/** Trouble with the line is told when it stays. */
export const failuresBeforeTold = 3;

/** How a turn ended: all is deleted, it goes on at once, nothing is to be done before somebody asks, or how far it came. */
export type TurnEnd<Progress> = "gone" | "going" | "no-token" | { progress: Progress; at: number };

/**
 * The turns of an object that works by its alarm: how far it is, and when it goes on. Who asks while a turn is under way may
 * have changed what it had read, so it counts as one that was cut short: its work lies in D1, and the next turn goes on.
 */
export class AlarmTurns<Progress> {
  /** As the object has it at that time. */
  readonly #storage: () => DurableObjectStorage;
  readonly #first: Progress;
  /** How often somebody wanted a turn at once. */
  #wishes = 0;

  constructor(storage: () => DurableObjectStorage, first: Progress) {
    this.#storage = storage;
    this.#first = first;
  }

  get progress(): Progress {
    return this.#storage().kv.get<Progress>("progress") ?? this.#first;
  }

  keep(progress: Progress): void {
    this.#storage().kv.put("progress", progress);
  }

  /** A turn is taken now, or when one would have been. */
  async wake(now: boolean): Promise<void> {
    if (now) this.#wishes += 1;
    const armed = await this.#storage().getAlarm();
    if (armed === null || now) await this.#storage().setAlarm(Date.now());
  }

  /** A turn is taken at that time, or earlier. */
  async wakeBy(at: number): Promise<void> {
    this.#wishes += 1;
    const armed = await this.#storage().getAlarm();
    if (armed === null || armed > at) await this.#storage().setAlarm(at);
  }

  /** With other progress than before, whatever a turn that is under way finds. */
  async beginWith(progress: Progress): Promise<void> {
    this.keep(progress);
    await this.wake(true);
  }

  async byAlarm(turn: () => Promise<void>, failed: (fault: unknown) => void): Promise<void> {
    await this.#storage().setAlarm(Date.now() + takenUpAgainMs);
    try {
      await turn();
    } catch (fault) {
      failed(fault);
      await this.#storage().setAlarm(Date.now() + faultRetryMs);
    }
  }

  async take(turn: (before: Progress) => Promise<TurnEnd<Progress>>): Promise<void> {
    const wishes = this.#wishes;
    const end = await turn(this.progress);
    const storage = this.#storage();
    if (end === "gone") {
      await storage.deleteAlarm();
      return storage.deleteAll();
    }
    if (end === "going" || this.#wishes !== wishes) return storage.setAlarm(Date.now());
    if (end === "no-token") return storage.deleteAlarm();
    this.keep(end.progress);
    await storage.setAlarm(Math.max(end.at, Date.now()));
  }
}
