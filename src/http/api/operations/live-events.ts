import type { Context } from "hono";
import { utf8 } from "../../../base/bytes.ts";
import { logFault } from "../../../base/log.ts";
import { minute } from "../../../base/time.ts";
import type { EventFilters, EventRow } from "../../../db/events.ts";
import { followEvents } from "../../../events/follow.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { problem } from "../route/problem.ts";

/**
 * Events while they happen: by long polling, or as server-sent events
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 *
 * A stream ends after a while, so that a token revoked in the meantime is noticed. Clients reconnect automatically,
 * and say with Last-Event-ID where they were.
 */
type Filters = Omit<EventFilters, "since">;

const eventsAtOnce = 100;
const longestStreamMs = 10 * minute;
/** One invocation may call others only a limited number of times. */
const mostRounds = 300;
const heartbeatMs = 20_000;
const comeBackMs = 5_000;

export const wantsStream = (c: Context): boolean =>
  (c.req.header("Accept") ?? "").toLowerCase().includes("text/event-stream");

export async function longPoll<Item>(
  c: Context<ApiEnv>,
  filters: Filters,
  { after, limit, waitSeconds }: { after: number; limit: number; waitSeconds: number },
  present: (row: EventRow) => Item,
): Promise<Response> {
  const found = await followEvents(c.env, filters, after, limit, waitSeconds * 1000);
  if (found === undefined) {
    const detail = "too many requests already wait for events; ask without wait, or try again later";
    return problem(c, "too-many-listeners", detail, { headers: { "Retry-After": "10" } });
  }
  return c.json({ items: found.rows.map(present), next_cursor: null, next_after: found.upTo });
}

export function stream(
  c: Context<ApiEnv>,
  filters: Filters,
  after: number,
  present: (row: EventRow) => unknown,
): Response {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const until = Date.now() + longestStreamMs;
  const say = (text: string): Promise<void> => writer.write(utf8(text));

  const speak = async (): Promise<void> => {
    await say(`retry: ${comeBackMs}\n: since event ${after}\n\n`);
    let reached = after;
    for (let round = 0; round < mostRounds && Date.now() < until; round++) {
      const found = await followEvents(c.env, filters, reached, eventsAtOnce, heartbeatMs);
      if (found === undefined) {
        await say(": too many clients already listen; try again later\n\n");
        break;
      }
      for (const row of found.rows) {
        await say(`id: ${row.id}\nevent: ${row.name}\ndata: ${JSON.stringify(present(row))}\n\n`);
      }
      // After a long silence the client learns how far the server looked: after a reconnect nothing is read twice.
      if (found.rows.length === 0) await say(`id: ${found.upTo}\n: nothing new\n\n`);
      reached = found.upTo;
    }
    await writer.close();
  };
  const speaking = speak().catch(async (fault: unknown) => {
    logFault("events.stream_ended", fault);
    await writer.abort().catch(() => undefined);
  });
  c.executionCtx.waitUntil(speaking);
  return new Response(readable, {
    headers: { "Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no" },
  });
}
