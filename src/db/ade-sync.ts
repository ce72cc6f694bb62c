import { and, asc, eq, gt, isNull, lte, sql } from "drizzle-orm";
import type { AdeDevice } from "../ade/device.ts";
import type { AdeDeviceRow } from "./ade-devices.ts";
import { among, chunks } from "./batch.ts";
import type { Statement } from "./directory.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { adeDevices } from "./schema/ade.ts";

// What following Apple's list of devices reads and writes: in pages, whatever the size of the fleet.

export type KnownDevice = Pick<
  AdeDeviceRow,
  "serial" | "model" | "family" | "profileStatus" | "profileUuid" | "opDate" | "deletedAt"
>;

export const knownDevices = (db: Db, account: string, serials: readonly string[]): Promise<KnownDevice[]> =>
  read(() =>
    db
      .select({
        serial: adeDevices.serial,
        model: adeDevices.model,
        family: adeDevices.family,
        profileStatus: adeDevices.profileStatus,
        profileUuid: adeDevices.profileUuid,
        opDate: adeDevices.opDate,
        deletedAt: adeDevices.deletedAt,
      })
      .from(adeDevices)
      .where(and(eq(adeDevices.account, account), sql`${adeDevices.serial} IN ${among(serials)}`))
      .all(),
  );

export type ToldDevice = {
  device: AdeDevice;
  opDate: number | undefined;
  migrationDeadline: number | undefined;
  /** Its profile must be looked at. */
  check: boolean;
};

/** So many rows lie in one parameter. */
const rowsAStatement = 250;

/** A device that waits for its next check keeps waiting: whoever looks then sees what is new as well. */
export const saveDevices = (db: Db, account: string, told: readonly ToldDevice[], now: number): Statement[] =>
  chunks(told, rowsAStatement).map((some) => {
    const json = JSON.stringify(
      some.map(({ device, opDate, migrationDeadline, check }) => {
        const { op_type: _, op_date: __, ...details } = device;
        return [details, opDate ?? null, migrationDeadline ?? null, check ? now : null];
      }),
    );
    return db.run(sql`
      INSERT INTO ade_devices (serial, account, model, family, os, profile_status, profile_uuid, details, op_date,
        migration_deadline, first_seen_at, seen_at, check_at)
      SELECT value->>'$[0].serial_number', ${account}, value->>'$[0].model', value->>'$[0].device_family',
        value->>'$[0].os', value->>'$[0].profile_status', value->>'$[0].profile_uuid', value->'$[0]', value->>1,
        value->>2, ${now}, ${now}, value->>3
      FROM json_each(${json}) WHERE true
      ON CONFLICT (serial, account) DO UPDATE SET model = excluded.model, family = excluded.family, os = excluded.os,
        profile_status = excluded.profile_status, profile_uuid = excluded.profile_uuid, details = excluded.details,
        op_date = coalesce(excluded.op_date, op_date), migration_deadline = excluded.migration_deadline,
        first_seen_at = iif(deleted_at IS NULL, first_seen_at, excluded.first_seen_at), seen_at = excluded.seen_at,
        deleted_at = NULL, check_at = coalesce(check_at, excluded.check_at)`);
  });

/** They are no longer this server's. */
export const removeDevices = (
  db: Db,
  account: string,
  gone: readonly { serial: string; opDate?: number | undefined }[],
  now: number,
): Statement =>
  db.run(sql`
    UPDATE ade_devices SET deleted_at = ${now}, check_at = NULL, op_date = coalesce(told.value->>1, op_date)
    FROM json_each(${JSON.stringify(gone.map(({ serial, opDate }) => [serial, opDate ?? null]))}) AS told
    WHERE ade_devices.account = ${account} AND ade_devices.serial = told.value->>0 AND deleted_at IS NULL`);

/** Everything that the choice of a profile, and the repair of its assignment, looks at. */
const checked = {
  serial: adeDevices.serial,
  model: adeDevices.model,
  family: adeDevices.family,
  orderNumber: adeDevices.orderNumber,
  profileStatus: adeDevices.profileStatus,
  profileUuid: adeDevices.profileUuid,
  chosenProfile: adeDevices.chosenProfile,
  profile: adeDevices.profile,
  seenAt: adeDevices.seenAt,
  assignedAt: adeDevices.assignedAt,
  assignedUuid: adeDevices.assignedUuid,
  assignOutcome: adeDevices.assignOutcome,
  assignTries: adeDevices.assignTries,
  checkAt: adeDevices.checkAt,
};

export type CheckedDevice = { [Column in keyof typeof checked]: AdeDeviceRow[Column] };

/** The devices of an account that it has now, in the order of serial numbers. */
export const walkDevices = (
  db: Db,
  account: string,
  after: string,
  limit: number,
): Promise<CheckedDevice[]> =>
  read(() =>
    db
      .select(checked)
      .from(adeDevices)
      .where(and(eq(adeDevices.account, account), gt(adeDevices.serial, after), isNull(adeDevices.deletedAt)))
      .orderBy(asc(adeDevices.serial))
      .limit(limit)
      .all(),
  );

export const dueDevices = (db: Db, account: string, now: number, limit: number): Promise<CheckedDevice[]> =>
  read(() =>
    db
      .select(checked)
      .from(adeDevices)
      .where(and(eq(adeDevices.account, account), lte(adeDevices.checkAt, now)))
      .orderBy(asc(adeDevices.checkAt))
      .limit(limit)
      .all(),
  );

export async function nextCheckAt(db: Db, account: string): Promise<number | undefined> {
  const row = await read(() =>
    db
      .select({ at: adeDevices.checkAt })
      .from(adeDevices)
      .where(and(eq(adeDevices.account, account), sql`${adeDevices.checkAt} IS NOT NULL`))
      .orderBy(asc(adeDevices.checkAt))
      .limit(1)
      .get(),
  );
  return row?.at ?? undefined;
}

export type CheckOutcome = { serial: string; profile: string | null; checkAt: number | null };

/** What was found: the profile that a device should have, and when it is looked at next. */
export const noteChecks = (db: Db, account: string, outcomes: readonly CheckOutcome[]): Statement[] =>
  outcomes.length === 0
    ? []
    : [
        db.run(sql`
          UPDATE ade_devices SET profile = told.value->>1, check_at = told.value->>2
          FROM json_each(${JSON.stringify(outcomes.map(({ serial, profile, checkAt }) => [serial, profile, checkAt]))}) AS told
          WHERE ade_devices.account = ${account} AND ade_devices.serial = told.value->>0`),
      ];

export type Assignment = { serial: string; outcome: string; tries: number; checkAt: number | null };

/** What Apple said to an assignment; where it took it, its state is ours until it tells another one. */
export const noteAssignments = (
  db: Db,
  account: string,
  profileUuid: string | null,
  assignments: readonly Assignment[],
  now: number,
): Statement[] =>
  assignments.length === 0
    ? []
    : [
        db.run(sql`
          UPDATE ade_devices SET assigned_at = ${now}, assigned_uuid = ${profileUuid},
            assign_outcome = told.value->>1, assign_tries = told.value->>2, check_at = told.value->>3,
            profile_uuid = iif(told.value->>1 = 'SUCCESS', ${profileUuid}, profile_uuid),
            profile_status = iif(told.value->>1 = 'SUCCESS', ${profileUuid === null ? "empty" : "assigned"}, profile_status)
          FROM json_each(${JSON.stringify(assignments.map(({ serial, outcome, tries, checkAt }) => [serial, outcome, tries, checkAt]))}) AS told
          WHERE ade_devices.account = ${account} AND ade_devices.serial = told.value->>0`),
      ];

/** Those of these that the account has now. */
export const devicesNamed = (db: Db, account: string, serials: readonly string[]): Promise<CheckedDevice[]> =>
  read(() =>
    db
      .select(checked)
      .from(adeDevices)
      .where(
        and(
          eq(adeDevices.account, account),
          sql`${adeDevices.serial} IN ${among(serials)}`,
          isNull(adeDevices.deletedAt),
        ),
      )
      .all(),
  );

/** null: the rules say it again. Their profile is looked at next. */
export const chooseByHand = (
  db: Db,
  account: string,
  serials: readonly string[],
  profile: string | null,
  now: number,
): Statement =>
  db
    .update(adeDevices)
    .set({ chosenProfile: profile, profile: profile || null, checkAt: now })
    .where(
      and(
        eq(adeDevices.account, account),
        sql`${adeDevices.serial} IN ${among(serials)}`,
        isNull(adeDevices.deletedAt),
      ),
    );

/** Of an account that is gone: so many rows at a time. How many went. */
export async function dropDevices(db: Db, account: string, limit: number): Promise<number> {
  const { meta } = await db.run(sql`
    DELETE FROM ade_devices WHERE account = ${account} AND serial IN
      (SELECT serial FROM ade_devices WHERE account = ${account} ORDER BY serial LIMIT ${limit})`);
  return meta.changes;
}
