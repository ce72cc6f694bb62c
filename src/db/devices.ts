import { and, asc, desc, eq, getTableColumns, or, type SQL, sql } from "drizzle-orm";
import { among } from "./batch.ts";
import { takeAllSets } from "./channel-sets.ts";
import { dropChoices } from "./choices.ts";
import { type DeviceFilters, everyDevice, type Filter, filtersOf, type Lead } from "./device-filters.ts";
import { type DeviceOrder, deviceOrders } from "./device-orders.ts";
import { applyTogether, ensureDevice, type Statement } from "./directory.ts";
import { replaceApps } from "./installed-apps.ts";
import { leanRows } from "./lean.ts";
import type { Db } from "./open.ts";
import { forgetProfileStates } from "./profile-states.ts";
import { read } from "./read.ts";
import { channels, deviceAttributes, devices, deviceTags, deviceWords } from "./schema/devices.ts";
import { declarationStates, statusValues } from "./schema/states.ts";
import { unbindAll } from "./standings.ts";
import { revokeUsesOf } from "./use-certificates.ts";

const {
  nameKey: _name,
  serialKey: _serial,
  enrolledKey: _enrolled,
  seenKey: _seen,
  ...told
} = getTableColumns(devices);

export type DeviceRow = Pick<typeof devices.$inferSelect, keyof typeof told> & { tags: string[] };

/** Where a row stands in the order of its list: the name of the order, then the values of its columns. */
export type DevicePlace = readonly [order: string, ...key: (string | number)[]];

export type DevicePage = {
  rows: { row: DeviceRow; place: DevicePlace }[];
  /** Where the walk stopped at its limit: there may be more after it. */
  stoppedAt: DevicePlace | undefined;
};

/** How many rows of the leading index one page reads, even if few of them match the other filters. */
const longestWalk = 10_000;

const deviceColumns = {
  ...told,
  tags: sql<string[]>`(SELECT json_group_array(tag) FROM (
    SELECT tag FROM device_tags WHERE device_tags.device_id = devices.id ORDER BY tag
  ))`.mapWith((text: string) => JSON.parse(text) as string[]),
};

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

/** An enrolled device that one of these names is the name of. */
export async function findEnrolled(
  db: Db,
  { ids, serial }: { ids: readonly string[]; serial: string | undefined },
): Promise<string | undefined> {
  const named = [...ids.map((id) => eq(devices.id, id)), ...(serial ? [eq(devices.serial, serial)] : [])];
  if (named.length === 0) return undefined;
  const [found] = await read(() =>
    db
      .select({ id: devices.id })
      .from(devices)
      .where(and(eq(devices.state, "enrolled"), or(...named)))
      .limit(1),
  );
  return found?.id;
}

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
  const [first, ...others] = filtersOf(filters);
  const lead = first?.lead ?? everyDevice;
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

export async function findDevice(db: Db, id: string): Promise<DeviceRow | undefined> {
  const [row] = await read(() => db.select(deviceColumns).from(devices).where(eq(devices.id, id)));
  return row;
}

export const findDevices = (db: Db, ids: readonly string[]): Promise<DeviceRow[]> =>
  read(() =>
    db
      .select(deviceColumns)
      .from(devices)
      .where(sql`${devices.id} IN ${among(ids)}`),
  );

/** Those of the ids that the directory has. */
export async function listedAmong(db: Db, ids: readonly string[]): Promise<Set<string>> {
  const rows = await read(() =>
    db
      .select({ id: devices.id })
      .from(devices)
      .where(sql`${devices.id} IN ${among(ids)}`),
  );
  return new Set(rows.map(({ id }) => id));
}

export type DeviceEdit = {
  notes?: string | undefined;
  /** All of them; they replace the earlier ones. */
  tags?: readonly string[] | undefined;
  /** Merged into the existing ones; null removes one. */
  attributes?: Readonly<Record<string, string | null>> | undefined;
  /** Whose it is; null: nobody's. */
  personId?: string | null | undefined;
  /** What was given to an earlier enrollment applies to this one too. */
  heldBack?: false | undefined;
};

/** What administrators set for a device, in one step; creates the row if the directory has none yet. */
export const editDevice = (
  db: Db,
  id: string,
  { notes, tags, attributes, personId, heldBack }: DeviceEdit,
  now: number,
  also: readonly Statement[] = [],
): Promise<void> => {
  const columns = {
    ...(notes === undefined ? {} : { notes }),
    ...(heldBack === undefined ? {} : { heldBack }),
    ...(personId === undefined ? {} : { personId }),
    ...(attributes && { attributes: sql`json_patch(${devices.attributes}, ${JSON.stringify(attributes)})` }),
  };
  return applyTogether(db, [
    ensureDevice(db, id, now),
    ...(Object.keys(columns).length > 0 ? [db.update(devices).set(columns).where(eq(devices.id, id))] : []),
    ...(attributes ? replaceAttributes(db, id) : []),
    ...(tags ? replaceTags(db, id, tags) : []),
    ...also,
  ]);
};

/** After the row itself: they are read from it. */
const replaceAttributes = (db: Db, id: string) => [
  db.delete(deviceAttributes).where(eq(deviceAttributes.deviceId, id)),
  db
    .insert(deviceAttributes)
    .select(
      sql`SELECT entry.key, entry.value, ${id} FROM devices, json_each(devices.attributes) AS entry WHERE devices.id = ${id}`,
    )
    .onConflictDoNothing(),
];

const replaceTags = (db: Db, id: string, tags: readonly string[]) => [
  db.delete(deviceTags).where(eq(deviceTags.deviceId, id)),
  db
    .insert(deviceTags)
    .select(sql`SELECT value, ${id} FROM json_each(${JSON.stringify(tags)}) WHERE true`)
    .onConflictDoNothing(),
];

/** Ends the links of its self-service pages. */
export const renewShelfLinks = (db: Db, id: string): Statement =>
  db
    .update(devices)
    .set({ shelfRenewals: sql`${devices.shelfRenewals} + 1` })
    .where(eq(devices.id, id));

/** Whether the device is enrolled, and not again since. */
export async function isEnrolledIn(db: Db, id: string, generation: number): Promise<boolean> {
  const rows = await leanRows(
    db,
    devices,
    "SELECT * FROM devices WHERE id = ?1 AND generation = ?2 AND state = 'enrolled'",
    [id, generation],
  );
  return rows.length > 0;
}

/** Its events and the headers of its commands stay, as history, until they are too old. */
export const removeDevice = (db: Db, id: string, now: number): Promise<void> =>
  applyTogether(db, [
    unbindAll(db, id, now),
    revokeUsesOf(db, id, undefined, now),
    ...replaceApps(db, id, Number.MAX_SAFE_INTEGER, []),
    forgetProfileStates(db, id, Number.MAX_SAFE_INTEGER),
    db.delete(declarationStates).where(eq(declarationStates.deviceId, id)),
    db.delete(statusValues).where(eq(statusValues.deviceId, id)),
    db.delete(deviceTags).where(eq(deviceTags.deviceId, id)),
    db.delete(deviceAttributes).where(eq(deviceAttributes.deviceId, id)),
    takeAllSets(db, id),
    dropChoices(db, id),
    db.delete(deviceWords).where(eq(deviceWords.deviceId, id)),
    db.delete(channels).where(eq(channels.deviceId, id)),
    db.delete(devices).where(eq(devices.id, id)),
  ]);
