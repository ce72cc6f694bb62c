import { type EventFilters, type EventRow, eventsAfter } from "../db/events.ts";
import { openDb } from "../db/open.ts";

/** Events as they come, oldest first, for listeners. The feed's object looks for all of them. */
export type Followed = { rows: EventRow[]; upTo: number };

type Filters = Omit<EventFilters, "since">;

/** The events after that one; waits if there is none yet. Undefined: too many requests already wait. */
export async function followEvents(
  env: Env,
  filters: Filters,
  after: number,
  limit: number,
  waitMs: number,
): Promise<Followed | undefined> {
  const until = Date.now() + waitMs;
  const db = openDb(env.DB);
  let found = await eventsAfter(db, filters, after, limit);
  while (found.rows.length === 0) {
    const leftMs = until - Date.now();
    if (leftMs <= 0) break;
    const isNews = await env.FEED.getByName("events").awaitNews(found.upTo, leftMs);
    if (isNews === undefined) return undefined;
    if (isNews) found = await eventsAfter(db, filters, found.upTo, limit);
  }
  return found;
}
