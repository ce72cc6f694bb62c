import { and, asc, desc, eq, type SQL, sql } from "drizzle-orm";
import { type DeviceFilters, everyDevice, type Filter, filtersOf, type Lead } from "./device-filters.ts";
import { type DeviceOrder, deviceOrders } from "./device-orders.ts";
import { type DeviceRow, deviceColumns, readDevice } from "./devices.ts";
import { builtStatement } from "./lean.ts";
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
export const leadOf = (filters: DeviceFilters): Lead => filtersOf(filters)[0]?.lead ?? everyDevice;

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
  const [first, ...others] = filtersOf(filters);
  return listAlong(db, first?.lead ?? everyDevice, others, limit, after, longest);
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
  const end = sieved ? endOfWalk(lead, rangeOf(lead, after), longest) : undefined;
  const where = and(...sieve(lead, others), rangeOf(lead, after, end && boundOf(lead, end)));
  // In one call: a device that is deleted in between would move the end past devices that nobody looked at.
  const [rows, places] = await read(() =>
    db.batch([walk(db, lead, where, limit), ...(end ? [placesAt(db, lead, end)] : [])]),
  );
  return { rows, stoppedAt: rows.length < limit ? places?.[0] : undefined };
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
    (await findEnd(db, first.lead, rangeOf(first.lead, undefined), sorted)) === undefined;
  if (!isFew) return listAlong(db, lead, all, limit, after, longest);
  const from = after && held(keyFollows(lead, after));
  const where = and(...sieve(first.lead, others), rangeOf(first.lead, undefined), from);
  const [rows] = await read(() => db.batch([walk(db, first.lead, where, limit, lead)]));
  return { rows, stoppedAt: undefined };
}

/** How many devices pass the filters, of so many that are looked at; `isAll`: there are no more to look at. */
export async function countDevices(
  db: Db,
  filters: DeviceFilters,
  longest = longestWalk,
): Promise<{ count: number; isAll: boolean }> {
  const [first, ...others] = filtersOf(filters);
  const lead = first?.lead ?? everyDevice;
  const stop = await findEnd(db, lead, rangeOf(lead, undefined), longest + 1);
  const where = and(...sieve(lead, others), rangeOf(lead, undefined, stop && values(stop)));
  const source = db.select({ n: sql<number>`count(*)` }).from(lead.table);
  const counting =
    lead.table === devices
      ? source.where(where)
      : source.crossJoin(devices).where(and(where, eq(devices.id, lead.id)));
  const [row] = await read(() => counting);
  return { count: Math.min(row?.n ?? 0, longest), isAll: stop === undefined };
}

/**
 * The part of the leading index that is walked. With two bounds at one end SQLite may use either: so the wider one is
 * only held, or a late page would walk all earlier pages.
 */
const rangeOf = (lead: Lead, after: DevicePlace | undefined, stop?: SQL): SQL | undefined =>
  and(
    lead.same,
    after && keyFollows(lead, after),
    stop && sql`${orderKey(lead)} ${lead.falling ? sql`>=` : sql`<=`} ${stop}`,
    after && lead.floor ? held(lead.floor) : lead.floor,
    stop && lead.ceiling ? held(lead.ceiling) : lead.ceiling,
  );

const keyFollows = (lead: Lead, place: DevicePlace): SQL =>
  sql`${orderKey(lead)} ${lead.falling ? sql`<` : sql`>`} ${values(place)}`;

/** A page, in the order of `sorted`. */
function walk(db: Db, lead: Lead, where: SQL | undefined, limit: number, sorted = lead) {
  const isOwn = lead.table === devices;
  const from = isOwn ? sql`${devices}` : sql`${lead.table} CROSS JOIN ${devices}`;
  const holds = and(where, isOwn ? undefined : eq(devices.id, lead.id)) ?? always;
  return builtStatement(
    db,
    sql`SELECT ${deviceColumns}, ${keyColumn(sorted)} AS place FROM ${from} WHERE ${holds}
      ORDER BY ${orderColumns(sorted)} LIMIT ${limit}`,
    (found) =>
      found.map((one) => {
        const row = readDevice(one);
        return { row, place: placeOf(sorted, one.place as PlaceKey, row.id) };
      }),
  );
}

/** The place where a walk along the range has read so many rows; none if it ends before. */
const endOfWalk = (lead: Lead, range: SQL | undefined, longest: number): SQL =>
  sql`SELECT ${keyColumn(lead)} AS place, ${lead.id} AS id FROM ${lead.table} WHERE ${range ?? always}
    ORDER BY ${orderColumns(lead)} LIMIT 1 OFFSET ${longest - 1}`;

const placesAt = (db: Db, lead: Lead, end: SQL) =>
  builtStatement(db, end, (found) =>
    found.map(({ place, id }) => placeOf(lead, place as PlaceKey, id as string)),
  );

async function findEnd(
  db: Db,
  lead: Lead,
  range: SQL | undefined,
  longest: number,
): Promise<DevicePlace | undefined> {
  const [places] = await read(() => db.batch([placesAt(db, lead, endOfWalk(lead, range, longest))]));
  return places[0];
}

/** The end as a bound, or what no place is beyond: bytes are more than any text or number, and the empty text is the least. */
function boundOf({ order, falling }: Lead, end: SQL): SQL {
  const least = order?.dataType === "number" ? sql`-9e999` : sql`''`;
  const last = (column: SQL, least: SQL) => sql`coalesce(max(${column}), ${falling ? least : sql`x'ff'`})`;
  const id = last(sql`id`, sql`''`);
  return sql`(SELECT ${order ? sql`${last(sql`place`, least)}, ${id}` : id} FROM (${end}))`;
}

const always = sql`1`;

const orderColumns = ({ order, id, falling }: Lead): SQL =>
  sql.join(
    (order ? [order, id] : [id]).map((column) => (falling ? desc(column) : asc(column))),
    sql`, `,
  );

type PlaceKey = string | number | null;

const keyColumn = ({ order }: Lead): SQL => sql`${order ?? sql`NULL`}`;

const orderKey = ({ order, id }: Lead): SQL => (order ? sql`(${order}, ${id})` : sql`${id}`);

const placeOf = ({ name, order }: Lead, key: PlaceKey, id: string): DevicePlace =>
  order && key !== null ? [name, key, id] : [name, id];

function values([, ...key]: DevicePlace): SQL {
  const list = sql.join(
    key.map((value) => sql`${value}`),
    sql`, `,
  );
  return key.length > 1 ? sql`(${list})` : list;
}

/** What is asked of each row of the walk: first what most rows fail, and before the bounds, which SQLite asks again. */
const sieve = (lead: Lead, others: readonly Filter[]): (SQL | undefined)[] => [
  ...others.map(({ holds, holdsAlong, lead: own }) =>
    held(own.table === lead.table && holdsAlong ? holdsAlong : holds),
  ),
  lead.once,
];

// The plus keeps SQLite from choosing an index for this condition, and sorting what it finds.
const held = (condition: SQL): SQL => sql`+(${condition})`;
