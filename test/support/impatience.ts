import { vi } from "vitest";

/**
 * Time limits of just so many milliseconds are over as soon as only those are left that wait in vain, of which there are
 * `silent`; all other timers are as long as ever. So a test neither waits for them, nor cuts off what is merely slow.
 */
export async function impatiently(ms: number, work: () => Promise<unknown>, silent = 1): Promise<void> {
  const [setTimer, clearTimer] = [globalThis.setTimeout, globalThis.clearTimeout];
  const limits = new Set<object>();
  const startLimit = (act: () => void): object => {
    const limit = {};
    limits.add(limit);
    const look = (): void => {
      if (!limits.has(limit)) return;
      if (limits.size > silent) return void setTimer(look, 5);
      limits.delete(limit);
      act();
    };
    setTimer(look, 5);
    return limit;
  };
  const spies = [
    vi
      .spyOn(globalThis, "setTimeout")
      .mockImplementation(((act: () => void, wait: number) =>
        wait === ms ? startLimit(act) : setTimer(act, wait)) as typeof setTimeout),
    vi.spyOn(globalThis, "clearTimeout").mockImplementation(((timer: object) => {
      if (!limits.delete(timer)) clearTimer(timer as unknown as number);
    }) as typeof clearTimeout),
  ];
  await work().finally(() => {
    for (const spy of spies) spy.mockRestore();
  });
}
