import { and, asc, eq, lt, sql } from "drizzle-orm";
import { among, chunks } from "./batch.ts";
import type { Statement } from "./directory.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { appStates } from "./schema/apps.ts";
import { devices } from "./schema/devices.ts";

/** The states of apps on devices, as last reported by their objects. */
export type AppStateRow = typeof appStates.$inferSelect;

export type NewAppState = { name: string } & (
  | { state: null }
  | Pick<
      AppStateRow,
      "reason" | "since" | "version" | "managedBy" | "identifier" | "installedVersion" | "state"
    >
);

/** For any number: one statement for the changed ones, one for the deleted ones. */
export function putAppStates(
  db: Db,
  deviceId: string,
  changes: readonly NewAppState[],
  seq: number,
): Statement[] {
  const there = changes.filter(({ state }) => state !== null);
  const gone = changes.filter(({ state }) => state === null).map(({ name }) => name);
  return [
    ...(there.length > 0 ? [upsert(db, deviceId, there, seq)] : []),
    ...(gone.length > 0 ? [remove(db, deviceId, gone, seq)] : []),
  ];
}

const upsert = (db: Db, deviceId: string, changes: readonly NewAppState[], seq: number): Statement =>
  db
    .insert(appStates)
    .select(
      sql`SELECT ${deviceId}, value ->> 'name', value ->> 'state', value ->> 'reason', value ->> 'since',
        value ->> 'version', value ->> 'managedBy', value ->> 'identifier', value ->> 'installedVersion', ${seq}
        FROM json_each(${JSON.stringify(changes)}) WHERE true`,
    )
    .onConflictDoUpdate({
      target: [appStates.deviceId, appStates.name],
      set: {
        state: sql`excluded.state`,
        reason: sql`excluded.reason`,
        since: sql`excluded.since`,
        version: sql`excluded.version`,
        managedBy: sql`excluded.managed_by`,
        identifier: sql`excluded.identifier`,
        installedVersion: sql`excluded.installed_version`,
        seq: sql`excluded.seq`,
      },
      setWhere: sql`${appStates.seq} < excluded.seq`,
    });

const remove = (db: Db, deviceId: string, names: readonly string[], seq: number): Statement =>
  db
    .delete(appStates)
    .where(
      and(
        eq(appStates.deviceId, deviceId),
        lt(appStates.seq, seq),
        sql`${appStates.name} IN (SELECT value FROM json_each(${JSON.stringify(names)}))`,
      ),
    );

export const forgetAppStates = (db: Db, deviceId: string, seq: number): Statement =>
  db.delete(appStates).where(and(eq(appStates.deviceId, deviceId), lt(appStates.seq, seq)));

export type AppPlace = readonly [state: string, deviceId: string];

export type AppOnDevice = Omit<AppStateRow, "seq"> & { deviceName: string | null; serial: string | null };

/** An app across the fleet, in the order of states and devices. */
export const listAppStates = (
  db: Db,
  name: string,
  state: string | undefined,
  limit: number,
  after: AppPlace | undefined,
): Promise<AppOnDevice[]> =>
  read(() =>
    db
      .select({
        ...{ deviceId: appStates.deviceId, name: appStates.name, state: appStates.state },
        ...{ reason: appStates.reason, since: appStates.since, version: appStates.version },
        ...{ managedBy: appStates.managedBy, identifier: appStates.identifier },
        installedVersion: appStates.installedVersion,
        deviceName: devices.name,
        serial: devices.serial,
      })
      .from(appStates)
      .leftJoin(devices, eq(devices.id, appStates.deviceId))
      .where(
        and(
          eq(appStates.name, name),
          state === undefined ? undefined : eq(appStates.state, state),
          after && sql`(${appStates.state}, ${appStates.deviceId}) > (${after[0]}, ${after[1]})`,
        ),
      )
      .orderBy(asc(appStates.state), asc(appStates.deviceId))
      .limit(limit),
  );

export type AppOfDevice = Pick<AppStateRow, "name" | "state" | "reason"> & { identifier: string };

/** The apps of the library that manage something with one of these identifiers on a device. */
export const findAppsOfDevice = (
  db: Db,
  deviceId: string,
  identifiers: readonly string[],
): Promise<AppOfDevice[]> =>
  read(() =>
    db
      .select({
        ...{ name: appStates.name, state: appStates.state, reason: appStates.reason },
        identifier: sql<string>`${appStates.identifier}`,
      })
      .from(appStates)
      .where(and(eq(appStates.deviceId, deviceId), sql`${appStates.identifier} IN ${among(identifiers)}`))
      .orderBy(asc(appStates.name)),
  );

/** The limit of counting: beyond it the answer is "at least this number". */
export const mostCounted = 10_000;

/** How many devices are in each of these states. */
export async function countAppStates(
  db: Db,
  name: string,
  states: readonly string[],
): Promise<Record<string, number>> {
  const counts = states.map(
    (state) => sql`SELECT ${state} AS state, count(*) AS devices FROM (
      SELECT 1 FROM app_states WHERE name = ${name} AND state = ${state} LIMIT ${mostCounted})`,
  );
  const rows = await Promise.all(
    chunks(counts, mostTerms).map((some) =>
      read(() => db.all<{ state: string; devices: number }>(sql.join(some, sql` UNION ALL `))),
    ),
  );
  return Object.fromEntries(rows.flat().map(({ state, devices }) => [state, devices]));
}

/** D1 takes five parts of a compound statement. */
const mostTerms = 5;
