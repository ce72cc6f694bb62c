import { and, desc, eq, gte, inArray, lt, type SQL, sql } from "drizzle-orm";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { events } from "./schema/events.ts";

export type EventRow = typeof events.$inferSelect;

export type EventFilters = {
  deviceId?: string | undefined;
  /** A user channel; absent: all channels. */
  userId?: string | undefined;
  name?: string | undefined;
  since?: number | undefined;
};

/** Where a row stands: its time, or within one device its sequence; and its id. */
export type EventPlace = readonly [order: number, id: number];

export type EventPage = { rows: EventRow[]; stoppedAt: EventPlace | undefined };

/** How many events one page looks at, however few of them it was asked for. */
const longestWalk = 10_000;

/** Newest first: those of one device in their own order, those of the fleet by time. */
export async function listEvents(
  db: Db,
  filters: EventFilters,
  limit: number,
  after: EventPlace | undefined,
): Promise<EventPage> {
  const { deviceId, userId, name, since } = filters;
  const order = orderOf(filters);
  const range = and(
    deviceId === undefined ? undefined : eq(events.deviceId, deviceId),
    after && sql`(${order}, ${events.id}) < (${after[0]}, ${after[1]})`,
    since === undefined || deviceId !== undefined ? undefined : gte(events.at, since),
  );
  const others = [
    name === undefined ? undefined : eq(events.name, name),
    userId === undefined ? undefined : eq(events.userId, userId),
    since === undefined || deviceId === undefined ? undefined : gte(events.at, since),
  ].filter((condition) => condition !== undefined);
  const stop = others.length > 0 ? await endOfWalk(db, filters, range) : undefined;
  const until = stop && sql`(${order}, ${events.id}) >= (${stop[0]}, ${stop[1]})`;
  const rows = await read(() =>
    db
      .select()
      .from(events)
      .where(and(range, until, ...others.map((condition) => sql`+(${condition})`)))
      .orderBy(desc(order), desc(events.id))
      .limit(limit)
      .all(),
  );
  return { rows, stoppedAt: rows.length < limit ? stop : undefined };
}

export const eventPlace = (filters: EventFilters, row: EventRow): EventPlace => [
  filters.deviceId === undefined ? row.at : row.seq,
  row.id,
];

const orderOf = ({ deviceId }: EventFilters) => (deviceId === undefined ? events.at : events.seq);

async function endOfWalk(
  db: Db,
  filters: EventFilters,
  range: SQL | undefined,
): Promise<EventPlace | undefined> {
  const order = orderOf(filters);
  const [last] = await read(() =>
    db
      .select({ order, id: events.id })
      .from(events)
      .where(range)
      .orderBy(desc(order), desc(events.id))
      .limit(1)
      .offset(longestWalk - 1),
  );
  return last && [last.order, last.id];
}

/** At most so many of those that happened before; how many it were. */
export async function deleteEvents(db: Db, before: number, limit: number): Promise<number> {
  const old = db
    .select({ id: events.id })
    .from(events)
    .where(lt(events.at, before))
    .orderBy(events.at)
    .limit(limit);
  const { meta } = await db.delete(events).where(inArray(events.id, old));
  return meta.changes;
}
