import { vi } from "vitest";

/** Waits of just so many milliseconds are over at once, and all others as long as ever. */
export async function impatiently(ms: number, work: () => Promise<unknown>): Promise<void> {
  const setTimer = globalThis.setTimeout;
  const impatience = vi
    .spyOn(globalThis, "setTimeout")
    .mockImplementation(((act: () => void, wait: number) =>
      setTimer(act, wait === ms ? 5 : wait)) as typeof setTimeout);
  await work().finally(() => impatience.mockRestore());
}
