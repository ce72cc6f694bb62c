import { and, asc, desc, eq, gt, gte, lte, max, type SQL, sql } from "drizzle-orm";
import { keyBefore, keyFrom } from "./keyset.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { events } from "./schema/events.ts";

export type EventRow = typeof events.$inferSelect;

export type EventFilters = {
  deviceId?: string | undefined;
  /** A user channel; absent: all channels. */
  userId?: string | undefined;
  name?: string | undefined;
  /** What its detail says of a state, such as that of a command. */
  state?: string | undefined;
  since?: number | undefined;
};

/** Where a row stands: its time, or within one device its sequence; and its id. */
export type EventPlace = readonly [order: number, id: number];

export type EventPage = { rows: EventRow[]; stoppedAt: EventPlace | undefined };

/** How many events one page reads, even if few of them match. */
const longestWalk = 10_000;

/** Newest first: those of one device in their own order, those of the fleet by time. */
export async function listEvents(
  db: Db,
  filters: EventFilters,
  limit: number,
  after: EventPlace | undefined,
  longest = longestWalk,
): Promise<EventPage> {
  const others = sieveOf(filters);
  const stop = others.length > 0 ? await endOfWalk(db, filters, after, longest) : undefined;
  const rows = await read(() =>
    db
      .select()
      .from(events)
      .where(and(rangeOf(filters, after, stop), ...others.map(held)))
      .orderBy(...newestFirst(filters))
      .limit(limit)
      .all(),
  );
  return { rows, stoppedAt: rows.length < limit ? stop : undefined };
}

/** The part of the index that is walked. With two bounds at one end SQLite may use either, so the wider one is only held. */
function rangeOf(filters: EventFilters, after: EventPlace | undefined, stop?: EventPlace): SQL | undefined {
  const { deviceId, since } = filters;
  const key = [orderOf(filters), events.id];
  const recent = since === undefined || deviceId !== undefined ? undefined : gte(events.at, since);
  return and(
    deviceId === undefined ? undefined : eq(events.deviceId, deviceId),
    keyBefore(key, after),
    keyFrom(key, stop),
    stop && recent ? held(recent) : recent,
  );
}

/** What no index knows: it is held against each event of the walk. */
const sieveOf = ({ deviceId, userId, name, state, since }: EventFilters): SQL[] =>
  [
    state === undefined ? undefined : inState(state),
    name === undefined ? undefined : eq(events.name, name),
    userId === undefined ? undefined : eq(events.userId, userId),
    since === undefined || deviceId === undefined ? undefined : gte(events.at, since),
  ].filter((condition) => condition !== undefined);

const inState = (state: string): SQL => sql`json_extract(${events.detail}, '$.state') = ${state}`;

// The plus keeps SQLite from choosing an index for this condition, and sorting what it finds.
const held = (condition: SQL): SQL => sql`+(${condition})`;

export const eventPlace = (filters: EventFilters, row: EventRow): EventPlace => [
  filters.deviceId === undefined ? row.at : row.seq,
  row.id,
];

const orderOf = ({ deviceId }: EventFilters) => (deviceId === undefined ? events.at : events.seq);

const newestFirst = (filters: EventFilters) => [desc(orderOf(filters)), desc(events.id)];

async function endOfWalk(
  db: Db,
  filters: EventFilters,
  after: EventPlace | undefined,
  longest: number,
): Promise<EventPlace | undefined> {
  const [last] = await read(() =>
    db
      .select({ order: orderOf(filters), id: events.id })
      .from(events)
      .where(rangeOf(filters, after))
      .orderBy(...newestFirst(filters))
      .limit(1)
      .offset(longest - 1),
  );
  return last && [last.order, last.id];
}

/** The newest event there is; 0: none. */
export async function lastEventId(db: Db): Promise<number> {
  const rows = await read(() => db.select({ id: max(events.id) }).from(events));
  return rows[0]?.id ?? 0;
}

/** The events after one event, in the order of arrival in the directory, and the last id that was read. */
export async function eventsAfter(
  db: Db,
  { deviceId, userId, name, state }: Omit<EventFilters, "since">,
  after: number,
  limit: number,
  longest = longestWalk,
): Promise<{ rows: EventRow[]; upTo: number }> {
  const [rows, [newest]] = await read(() =>
    db.batch([
      db
        .select()
        .from(events)
        .where(
          and(
            gt(events.id, after),
            lte(events.id, after + longest),
            ...[
              deviceId === undefined ? undefined : eq(events.deviceId, deviceId),
              userId === undefined ? undefined : eq(events.userId, userId),
              name === undefined ? undefined : eq(events.name, name),
              state === undefined ? undefined : inState(state),
            ].map((condition) => condition && held(condition)),
          ),
        )
        .orderBy(asc(events.id))
        .limit(limit),
      db.select({ id: max(events.id) }).from(events),
    ]),
  );
  const last = rows.at(-1);
  if (rows.length === limit && last !== undefined) return { rows, upTo: last.id };
  // Deleted or unused ids are no reason to read again.
  return { rows, upTo: Math.max(after, Math.min(newest?.id ?? 0, after + longest)) };
}
