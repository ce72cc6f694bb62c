import { onTestFinished, vi } from "vitest";
import { FakeApple } from "./apple.ts";

/** From now on to the end of the test, whatever is sent to Apple's device assignment service comes here. */
export function appleAtFetch(apple = new FakeApple()): FakeApple {
  const others = globalThis.fetch;
  const spy = vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input as RequestInfo, init);
    if (new URL(request.url).hostname !== "mdmenrollment.apple.com") return others(request);
    return Promise.race([apple.fetch(request), abortOf(init?.signal)]);
  });
  onTestFinished(() => spy.mockRestore());
  return apple;
}

/** A service that never answers is given up by whoever asked. */
const abortOf = (signal: AbortSignal | null | undefined): Promise<never> =>
  new Promise((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason));
  });
