import { useEffect, useRef } from "preact/hooks";
import { api } from "../../api/api.ts";

/**
 * Calls `onNews` whenever something has happened to the device. The API tells it live in two ways. This is long polling:
 * a request that waits until there is something, so that news is in sight at once, and silence costs one request in 25
 * seconds. Server-sent events would cost fewer, but a browser's EventSource sends no token, and one request that stays
 * open would pass by what every other has here: the sign-in that is waited for, and what is said when the server is away.
 *
 * Out of sight nothing is asked; what was missed is asked for on the way back. After a fault the pauses grow.
 */
const longestWaitSeconds = 25;
const firstPauseMs = 2_000;
const longestPauseMs = 60_000;

export function useFollow(device: string, latest: number | undefined, onNews: () => void): void {
  const news = useRef(onNews);
  news.current = onNews;
  const reached = useRef<number>(undefined);
  reached.current = Math.max(reached.current ?? 0, latest ?? 0);
  const isKnown = latest !== undefined;
  useEffect(() => {
    if (!isKnown) return;
    const end = new AbortController();
    void follow(device, reached, () => news.current(), end.signal);
    return () => end.abort();
  }, [device, isKnown]);
}

type Reached = { current: number | undefined };

async function follow(
  device: string,
  reached: Reached,
  onNews: () => void,
  ended: AbortSignal,
): Promise<void> {
  let pauseMs = firstPauseMs;
  while (!ended.aborted) {
    await inSight(ended);
    const hidden = untilHidden(ended);
    try {
      const after = reached.current ?? 0;
      const found = await api.get("/events", {
        query: { device, after, wait: longestWaitSeconds },
        signal: hidden.signal,
      });
      reached.current = Math.max(after, Number(found.next_after ?? after));
      pauseMs = firstPauseMs;
      if (found.items.length > 0) onNews();
    } catch {
      // Gone out of sight, or at an end: no fault. The page's own requests say what is wrong with the server.
      if (hidden.signal.aborted) continue;
      await pause(pauseMs, ended);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    } finally {
      hidden.forget();
    }
  }
}

/** Resolves once the page is in sight, at once if it is. */
const inSight = (ended: AbortSignal): Promise<void> =>
  new Promise((done) => {
    if (!document.hidden || ended.aborted) return done();
    const look = () => {
      if (document.hidden && !ended.aborted) return;
      document.removeEventListener("visibilitychange", look);
      done();
    };
    document.addEventListener("visibilitychange", look);
    ended.addEventListener("abort", look, { once: true });
  });

/** A signal that ends a request as soon as nobody looks at the page. */
function untilHidden(ended: AbortSignal): { signal: AbortSignal; forget: () => void } {
  const control = new AbortController();
  const look = () => (document.hidden || ended.aborted) && control.abort();
  document.addEventListener("visibilitychange", look);
  ended.addEventListener("abort", look);
  return {
    signal: control.signal,
    forget: () => {
      document.removeEventListener("visibilitychange", look);
      ended.removeEventListener("abort", look);
    },
  };
}

const pause = (ms: number, ended: AbortSignal): Promise<void> =>
  new Promise((done) => {
    const timer = setTimeout(done, ms);
    ended.addEventListener("abort", () => {
      clearTimeout(timer);
      done();
    });
  });
