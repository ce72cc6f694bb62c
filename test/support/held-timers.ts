import { onTestFinished, vi } from "vitest";

/**
 * To the end of the test, timers of just so many milliseconds are over when the test says so; all others are as long as ever. No
 * object is kept awake by one: what puts it to sleep would otherwise wait until its timers are over, or for five seconds.
 */
export function heldTimers(ms: number): { end: () => void } {
  const [setTimer, clearTimer] = [globalThis.setTimeout, globalThis.clearTimeout];
  const held = new Map<object, () => void>();
  const hold = (act: () => void): object => {
    const timer = {};
    held.set(timer, act);
    return timer;
  };
  const spies = [
    vi
      .spyOn(globalThis, "setTimeout")
      .mockImplementation(((act: () => void, wait: number) =>
        wait === ms ? hold(act) : setTimer(act, wait)) as typeof setTimeout),
    vi.spyOn(globalThis, "clearTimeout").mockImplementation(((timer: object) => {
      if (!held.delete(timer)) clearTimer(timer as unknown as number);
    }) as typeof clearTimeout),
  ];
  onTestFinished(() => {
    for (const spy of spies) spy.mockRestore();
  });
  return {
    /** Those of an object end within it. */
    end() {
      const acts = [...held.values()];
      held.clear();
      for (const act of acts) act();
    },
  };
}
