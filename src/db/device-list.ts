import { and, asc, desc, eq, type SQL, sql } from "drizzle-orm";
import { type DeviceFilters, everyDevice, type Filter, filtersOf, type Lead } from "./device-filters.ts";
import { type DeviceOrder, deviceOrders } from "./device-orders.ts";
import { type DeviceRow, deviceColumns } from "./devices.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { devices } from "./schema/devices.ts";

/** Where a row stands in the order of its list: the name of the order, then the values of its columns. */
export type DevicePlace = readonly [order: string, ...key: (string | number)[]];

export type DevicePage = {
  rows: { row: DeviceRow; place: DevicePlace }[];
  /** Where the walk stopped at its limit: there may be more after it. */
  stoppedAt: DevicePlace | undefined;
};

/** How many rows of the leading index one page reads, even if few of them match the other filters. */
const longestWalk = 10_000;

/** Whether a place, which came from outside, is one in the order in which these filters list devices. */
export function isPlaceIn(filters: DeviceFilters, [name, ...key]: DevicePlace, order?: DeviceOrder): boolean {
  const lead = order ? orderLead(order) : leadOf(filters);
  return name === lead.name && key.length === (lead.order ? 2 : 1);
}

/** The filter whose index is walked, which also gives the order of the list. */
export const leadOf = (filters: DeviceFilters): Lead => followed(filters).lead;

function followed(filters: DeviceFilters): { lead: Lead; others: readonly Filter[] } {
  const [first, ...others] = filtersOf(filters);
  return { lead: first?.lead ?? everyDevice, others };
}

/** The whole fleet in the order that somebody asked for. */
const orderLead = ({ by, falling }: DeviceOrder): Lead => {
  const order = deviceOrders[by];
  return {
    name: `${falling ? "-" : ""}${by}`,
    table: devices,
    same: undefined,
    id: devices.id,
    falling,
    ...(order && { order }),
  };
};

/** One page: a range of one index with limited length. */
export async function listDevices(
  db: Db,
  filters: DeviceFilters,
  limit: number,
  after: DevicePlace | undefined,
  longest = longestWalk,
): Promise<DevicePage> {
  const { lead, others } = followed(filters);
  return listAlong(db, lead, others, limit, after, longest);
}

async function listAlong(
  db: Db,
  lead: Lead,
  others: readonly Filter[],
  limit: number,
  after: DevicePlace | undefined,
  longest: number,
): Promise<DevicePage> {
  const sieved = others.length > 0 || lead.once !== undefined;
  const stop = sieved ? await endOfWalk(db, lead, rangeOf(lead, after), longest) : undefined;
  const where = and(rangeOf(lead, after, stop), ...sieve(lead, others));
  return pageOf(await read(() => walk(db, lead, where, limit)), lead, limit, stop);
}

/** So many rows are sorted for each page of them; of more, the order's own index is walked. */
const mostSorted = 2_000;

/**
 * The same in an order that somebody asked for. Few devices are found by their filters and sorted; of many, the index of
 * the order is walked and the filters are held against it. Both know the same places.
 */
export async function sortDevices(
  db: Db,
  filters: DeviceFilters,
  order: DeviceOrder,
  limit: number,
  after: DevicePlace | undefined,
  { longest = longestWalk, sorted = mostSorted } = {},
): Promise<DevicePage> {
  const all = filtersOf(filters);
  const [first, ...others] = all;
  const lead = orderLead(order);
  const isFew =
    first !== undefined &&
    (await endOfWalk(db, first.lead, rangeOf(first.lead, undefined), sorted)) === undefined;
  if (!isFew) return listAlong(db, lead, all, limit, after, longest);
  const from = after && held(keyFollows(lead, after));
  const where = and(rangeOf(first.lead, undefined), from, ...sieve(first.lead, others));
  return pageOf(await read(() => walk(db, first.lead, where, limit, lead)), lead, limit, undefined);
}

/** How many devices pass the filters, of so many that are looked at; `isAll`: there are no more to look at. */
export async function countDevices(
  db: Db,
  filters: DeviceFilters,
  longest = longestWalk,
): Promise<{ count: number; isAll: boolean }> {
  const { lead, others } = followed(filters);
  const stop = await endOfWalk(db, lead, rangeOf(lead, undefined), longest + 1);
  const where = and(rangeOf(lead, undefined, stop), ...sieve(lead, others));
  const source = db.select({ n: sql<number>`count(*)` }).from(lead.table);
  const counting =
    lead.table === devices
      ? source.where(where)
      : source.crossJoin(devices).where(and(where, eq(devices.id, lead.id)));
  const [row] = await read(() => counting);
  return { count: Math.min(row?.n ?? 0, longest), isAll: stop === undefined };
}

const pageOf = (
  rows: { row: DeviceRow; key: string | number | null }[],
  lead: Lead,
  limit: number,
  stop: DevicePlace | undefined,
): DevicePage => ({
  rows: rows.map(({ row, key }) => ({ row, place: placeOf(lead, key, row.id) })),
  stoppedAt: rows.length < limit ? stop : undefined,
});

/**
 * The part of the leading index that is walked. With two bounds at one end SQLite may use either: so the wider one is
 * only held, or a late page would walk all earlier pages.
 */
const rangeOf = (lead: Lead, after: DevicePlace | undefined, stop?: DevicePlace): SQL | undefined =>
  and(
    lead.same,
    after && keyFollows(lead, after),
    stop && sql`${orderKey(lead)} ${lead.falling ? sql`>=` : sql`<=`} ${values(stop)}`,
    after && lead.floor ? held(lead.floor) : lead.floor,
    stop && lead.ceiling ? held(lead.ceiling) : lead.ceiling,
  );

const keyFollows = (lead: Lead, place: DevicePlace): SQL =>
  sql`${orderKey(lead)} ${lead.falling ? sql`<` : sql`>`} ${values(place)}`;

function walk(db: Db, lead: Lead, where: SQL | undefined, limit: number, sorted: Lead = lead) {
  const selection = { row: deviceColumns, key: keyColumn(sorted) };
  const order = orderColumns(sorted);
  if (lead.table === devices) {
    return db
      .select(selection)
      .from(devices)
      .where(where)
      .orderBy(...order)
      .limit(limit);
  }
  return db
    .select(selection)
    .from(lead.table)
    .crossJoin(devices)
    .where(and(where, eq(devices.id, lead.id)))
    .orderBy(...order)
    .limit(limit);
}

async function endOfWalk(
  db: Db,
  lead: Lead,
  range: SQL | undefined,
  longest: number,
): Promise<DevicePlace | undefined> {
  const [last] = await read(() =>
    db
      .select({ key: keyColumn(lead), id: sql<string>`${lead.id}` })
      .from(lead.table)
      .where(range)
      .orderBy(...orderColumns(lead))
      .limit(1)
      .offset(longest - 1),
  );
  return last && placeOf(lead, last.key, last.id);
}

const orderColumns = ({ order, id, falling }: Lead) =>
  (order ? [order, id] : [id]).map((column) => (falling ? desc(column) : asc(column)));

const keyColumn = ({ order }: Lead): SQL<string | number | null> => sql`${order ?? sql`NULL`}`;

const orderKey = ({ order, id }: Lead): SQL => (order ? sql`(${order}, ${id})` : sql`${id}`);

const placeOf = ({ name, order }: Lead, key: string | number | null, id: string): DevicePlace =>
  order && key !== null ? [name, key, id] : [name, id];

function values([, ...key]: DevicePlace): SQL {
  const list = sql.join(
    key.map((value) => sql`${value}`),
    sql`, `,
  );
  return key.length > 1 ? sql`(${list})` : list;
}

/** What is asked of each row of the walk: first what most rows fail. */
const sieve = (lead: Lead, others: readonly Filter[]): (SQL | undefined)[] => [
  ...others.map(({ holds, holdsAlong, lead: own }) =>
    held(own.table === lead.table && holdsAlong ? holdsAlong : holds),
  ),
  lead.once,
];

// The plus keeps SQLite from choosing an index for this condition, and sorting what it finds.
const held = (condition: SQL): SQL => sql`+(${condition})`;
