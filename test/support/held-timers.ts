import { vi } from "vitest";

/**
 * Timers of just so many milliseconds end when the test says so; all others are as long as ever. No object is kept awake by one:
 * what puts it to sleep would otherwise wait until its timers are over.
 */
export class HeldTimers {
  readonly #held = new Map<object, () => void>();
  readonly #spies: { mockRestore: () => void }[];

  constructor(ms: number) {
    const [setTimer, clearTimer] = [globalThis.setTimeout, globalThis.clearTimeout];
    this.#spies = [
      vi
        .spyOn(globalThis, "setTimeout")
        .mockImplementation(((act: () => void, wait: number) =>
          wait === ms ? this.#hold(act) : setTimer(act, wait)) as typeof setTimeout),
      vi.spyOn(globalThis, "clearTimeout").mockImplementation(((timer: object) => {
        if (!this.#held.delete(timer)) clearTimer(timer as unknown as number);
      }) as typeof clearTimeout),
    ];
  }

  #hold(act: () => void): object {
    const timer = {};
    this.#held.set(timer, act);
    return timer;
  }

  /** Their time is over. Those of an object end within it. */
  end(): void {
    const acts = [...this.#held.values()];
    this.#held.clear();
    for (const act of acts) act();
  }

  release(): void {
    for (const spy of this.#spies) spy.mockRestore();
  }
}
