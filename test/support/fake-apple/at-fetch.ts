import { onTestFinished, vi } from "vitest";
import { FakeApple } from "./apple.ts";

/** From now on to the end of the test, whatever is sent to Apple's device assignment service comes here. */
export function appleAtFetch(apple = new FakeApple()): FakeApple {
  const others = globalThis.fetch;
  const spy = vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input as RequestInfo, init);
    if (new URL(request.url).hostname !== "mdmenrollment.apple.com") return others(request);
    const response = await Promise.race([apple.fetch(request), abortOf(init?.signal)]);
    return untilAborted(response, init?.signal);
  });
  onTestFinished(() => spy.mockRestore());
  return apple;
}

/** A service that never answers is given up by whoever asked. */
const abortOf = (signal: AbortSignal | null | undefined): Promise<never> =>
  new Promise((_, reject) => {
    if (signal?.aborted) reject(signal.reason);
    signal?.addEventListener("abort", () => reject(signal.reason));
  });

/** Whoever gave up gets no more of the body either. */
function untilAborted(response: Response, signal: AbortSignal | null | undefined): Response {
  const reader = response.body?.getReader();
  if (!reader || !signal) return response;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const turn = await Promise.race([reader.read(), abortOf(signal)]);
      if (turn.done) controller.close();
      else controller.enqueue(turn.value);
    },
    cancel: () => reader.cancel(),
  });
  return new Response(body, response);
}
