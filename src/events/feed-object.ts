import { DurableObject } from "cloudflare:workers";
import { logFault } from "../base/log.ts";
import { lastEventId } from "../db/events.ts";
import { openDb } from "../db/open.ts";

/**
 * The one object that looks for new events for all listeners: D1 is asked at a fixed interval, whatever the number of
 * connections, and not at all when nobody listens. It stores nothing.
 */
type Listener = { after: number; tell: (news: boolean) => void };

const lookEveryMs = 1_000;
export const mostListeners = 100;

export class Feed extends DurableObject<Env> {
  readonly #listeners = new Set<Listener>();
  #isLooking = false;

  /** True: there are events after that one. False: none within that time. Undefined: there are too many listeners. */
  async awaitNews(after: number, waitMs: number): Promise<boolean | undefined> {
    if (this.#listeners.size >= mostListeners) return undefined;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const listener = { after, tell: resolve };
    this.#listeners.add(listener);
    const timer = setTimeout(() => resolve(false), waitMs);
    if (!this.#isLooking) void this.#look();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#listeners.delete(listener);
    }
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    while (this.#listeners.size > 0) {
      try {
        const last = await lastEventId(openDb(this.env.DB));
        for (const { after, tell } of this.#listeners) if (after < last) tell(true);
      } catch (fault) {
        logFault("feed.look_failed", fault);
      }
      await new Promise((done) => setTimeout(done, lookEveryMs));
    }
    this.#isLooking = false;
  }
}
