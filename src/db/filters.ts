import { and, asc, count, eq, gt, isNotNull, lte, type SQL, sql } from "drizzle-orm";
import { type DeviceFilters, filtersOf } from "./device-filters.ts";
import type { Statement } from "./directory.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { devices } from "./schema/devices.ts";
import { channelSets, sets } from "./schema/sets.ts";

/**
 * Sets with a filter: which enrolled devices match, and which have the set for that reason. Each write follows from one
 * version of a filter, and happens only while that version is the present one.
 */
export type SetFilter = { name: string; version: number; filters: DeviceFilters };

type Identifiers = NonNullable<DeviceFilters["identifiers"]>;

/** Each device checks all of them whenever it reconciles; more would make that slow. */
export const mostFilters = 100;

export const filterColumns = { name: sets.name, version: sets.version, filters: sets.rule };

/** Undefined: there is no such set, or it has no filter. */
export async function findFilter(db: Db, name: string): Promise<SetFilter | undefined> {
  const rows = await read(() => db.select(filterColumns).from(sets).where(eq(sets.name, name)));
  return rows.flatMap(asFilter)[0];
}

export async function countFilters(db: Db, except: string): Promise<number> {
  const [row] = await read(() =>
    db
      .select({ rules: count() })
      .from(sets)
      .where(and(isNotNull(sets.rule), sql`${sets.name} <> ${except}`)),
  );
  return row?.rules ?? 0;
}

export const asFilter = ({
  filters,
  ...rest
}: {
  name: string;
  version: number;
  filters: DeviceFilters | null;
}) => (filters === null ? [] : [{ ...rest, filters }]);

/** Which of them match this device. */
export async function matchingFilters(
  db: Db,
  deviceId: string,
  rules: readonly SetFilter[],
  identifiers: Identifiers,
): Promise<SetFilter[]> {
  const [first, ...rest] = rules.map(({ filters }) =>
    db
      .select({ id: devices.id })
      .from(devices)
      .where(and(eq(devices.id, deviceId), matches(filters, identifiers))),
  );
  if (first === undefined) return [];
  const answers = await read(() => db.batch([first, ...rest]));
  return rules.filter((_, at) => (answers[at]?.length ?? 0) > 0);
}

/** One page of the fleet: the devices that a filter matches, and those that have its set by the filter. */
export async function compareFilter(
  db: Db,
  name: string,
  rule: SetFilter | undefined,
  identifiers: Identifiers,
  limit: number,
  after: string,
): Promise<{ last: string | undefined; gains: string[]; loses: string[] }> {
  const page = await read(() =>
    db
      .select({ id: devices.id })
      .from(devices)
      .where(gt(devices.id, after))
      .orderBy(asc(devices.id))
      .limit(limit),
  );
  const last = page.length === limit ? page.at(-1)?.id : undefined;
  const within = (id: typeof devices.id | typeof channelSets.deviceId) =>
    and(gt(id, after), last === undefined ? undefined : lte(id, last));
  const [matched, held] = await read(() =>
    db.batch([
      db
        .select({ id: devices.id })
        .from(devices)
        .where(and(within(devices.id), rule === undefined ? sql`0` : matches(rule.filters, identifiers))),
      db
        .select({ id: channelSets.deviceId })
        .from(channelSets)
        .where(
          and(eq(channelSets.setName, name), within(channelSets.deviceId), eq(channelSets.source, "rule")),
        ),
    ]),
  );
  const [now, before] = [new Set(matched.map(({ id }) => id)), new Set(held.map(({ id }) => id))];
  return {
    last,
    gains: [...now].filter((id) => !before.has(id)),
    loses: [...before].filter((id) => !now.has(id)),
  };
}

// The plus keeps SQLite from leaving the range of ids for another index.
const matches = (filters: DeviceFilters, identifiers: Identifiers): SQL =>
  and(
    ...filtersOf({ ...filters, identifiers, state: "enrolled" }).map(({ holds }) => sql`+(${holds})`),
  ) as SQL;

/** Gives the set to these devices by its filter, if that filter is still the present one. */
export const gainByFilter = (db: Db, { name, version }: SetFilter, deviceIds: readonly string[]): Statement =>
  db
    .insert(channelSets)
    .select(
      sql`SELECT value, '', ${name}, 'rule' FROM json_each(${JSON.stringify(deviceIds)})
        WHERE EXISTS (SELECT 1 FROM sets WHERE name = ${name} AND version = ${version} AND rule IS NOT NULL)`,
    )
    .onConflictDoNothing();

/** Takes it from them; `rule` is undefined if the set has no filter any more. */
export const loseByFilter = (
  db: Db,
  name: string,
  rule: SetFilter | undefined,
  deviceIds: readonly string[],
): Statement =>
  db.delete(channelSets).where(
    and(
      sql`(${channelSets.deviceId}, ${channelSets.userId}, ${channelSets.setName}, ${channelSets.source}) IN
          (SELECT value, '', ${name}, 'rule' FROM json_each(${JSON.stringify(deviceIds)}))`,
      rule === undefined
        ? sql`NOT EXISTS (SELECT 1 FROM sets WHERE name = ${name} AND rule IS NOT NULL)`
        : sql`EXISTS (SELECT 1 FROM sets WHERE name = ${name} AND version = ${rule.version})`,
    ),
  );
