import { and, asc, eq, getTableColumns, lt, sql } from "drizzle-orm";
import { type DeviceNames, namesOf } from "./device-names.ts";
import type { Statement } from "./directory.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { profileStates } from "./schema/states.ts";

/** The states of profiles on channels, as last reported by their objects. */
export type ProfileStateRow = typeof profileStates.$inferSelect & DeviceNames;

export type NewProfileState = {
  userId: string;
  identifier: string;
  /** Null: the row is deleted. */
  state: string | null;
  reason?: string | null;
  version?: number;
};

/** For any number: one statement for the changed ones, one for the deleted ones. */
export function putProfileStates(
  db: Db,
  deviceId: string,
  changes: readonly NewProfileState[],
  { seq, at }: { seq: number; at: number },
): Statement[] {
  const there = changes.filter(({ state }) => state !== null);
  const gone = changes.filter(({ state }) => state === null);
  return [
    ...(there.length > 0 ? [upsert(db, deviceId, there, seq, at)] : []),
    ...(gone.length > 0 ? [remove(db, deviceId, gone, seq)] : []),
  ];
}

const upsert = (
  db: Db,
  deviceId: string,
  changes: readonly NewProfileState[],
  seq: number,
  at: number,
): Statement =>
  db
    .insert(profileStates)
    .select(
      sql`SELECT ${deviceId}, value ->> 'userId', value ->> 'identifier', value ->> 'state', value ->> 'reason',
        value ->> 'version', ${seq}, ${at} FROM json_each(${JSON.stringify(changes)}) WHERE true`,
    )
    .onConflictDoUpdate({
      target: [profileStates.deviceId, profileStates.userId, profileStates.identifier],
      set: {
        state: sql`excluded.state`,
        reason: sql`excluded.reason`,
        version: sql`excluded.version`,
        seq: sql`excluded.seq`,
        updatedAt: sql`excluded.updated_at`,
      },
      setWhere: sql`${profileStates.seq} < excluded.seq`,
    });

const remove = (db: Db, deviceId: string, gone: readonly NewProfileState[], seq: number): Statement =>
  db.delete(profileStates).where(
    and(
      eq(profileStates.deviceId, deviceId),
      lt(profileStates.seq, seq),
      sql`(${profileStates.userId}, ${profileStates.identifier}) IN (
          SELECT value ->> 'userId', value ->> 'identifier' FROM json_each(${JSON.stringify(gone)}))`,
    ),
  );

export const forgetProfileStates = (db: Db, deviceId: string, seq: number): Statement =>
  db.delete(profileStates).where(and(eq(profileStates.deviceId, deviceId), lt(profileStates.seq, seq)));

export type StatePlace = readonly [state: string, deviceId: string, userId: string];

/** A profile across the fleet, in the order of states and devices. */
export const listProfileStates = (
  db: Db,
  identifier: string,
  state: string | undefined,
  limit: number,
  after: StatePlace | undefined,
): Promise<ProfileStateRow[]> =>
  read(() =>
    db
      .select({ ...getTableColumns(profileStates), ...namesOf(profileStates.deviceId) })
      .from(profileStates)
      .where(
        and(
          eq(profileStates.identifier, identifier),
          state === undefined ? undefined : eq(profileStates.state, state),
          after &&
            sql`(${profileStates.state}, ${profileStates.deviceId}, ${profileStates.userId})
              > (${after[0]}, ${after[1]}, ${after[2]})`,
        ),
      )
      .orderBy(asc(profileStates.state), asc(profileStates.deviceId), asc(profileStates.userId))
      .limit(limit),
  );

/** The limit of counting: beyond it the answer is "at least this number". */
export const mostCounted = 10_000;

/** How many channels are in each of these states. */
export async function countProfileStates(
  db: Db,
  identifier: string,
  states: readonly string[],
): Promise<Record<string, number>> {
  const counts = states.map(
    (state) => sql`SELECT ${state} AS state, count(*) AS channels FROM (
      SELECT 1 FROM profile_states WHERE identifier = ${identifier} AND state = ${state} LIMIT ${mostCounted})`,
  );
  const rows = await read(() =>
    db.all<{ state: string; channels: number }>(sql.join(counts, sql` UNION ALL `)),
  );
  return Object.fromEntries(rows.map(({ state, channels }) => [state, channels]));
}
