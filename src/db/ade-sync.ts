import { and, asc, eq, getTableColumns, gt, isNull, lte, type SQL, sql } from "drizzle-orm";
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

/** A new row, in the order of the table's columns; what is not named is empty. */
const columnsOf = (values: { [column: string]: SQL }): SQL =>
  sql.join(
    Object.values(getTableColumns(adeDevices)).map(({ name }) => values[name] ?? sql`NULL`),
    sql`, `,
  );

/** Of a device's row, what Apple said. */
const asTold: { [column: string]: SQL } = {
  serial: sql`value->>'$[0].serial_number'`,
  model: sql`value->>'$[0].model'`,
  family: sql`value->>'$[0].device_family'`,
  os: sql`value->>'$[0].os'`,
  profile_status: sql`value->>'$[0].profile_status'`,
  profile_uuid: sql`value->>'$[0].profile_uuid'`,
  details: sql`value->'$[0]'`,
  op_date: sql`value->>1`,
  migration_deadline: sql`value->>2`,
  assign_tries: sql`0`,
  check_at: sql`value->>3`,
};

/** A device that waits for its next check keeps waiting: that check sees what is new as well. */
export const saveDevices = (db: Db, account: string, told: readonly ToldDevice[], now: number): Statement[] =>
  chunks(told, rowsAStatement).map((some) => {
    const json = JSON.stringify(
      some.map(({ device, opDate, migrationDeadline, check }) => {
        const { op_type: _, op_date: __, ...details } = device;
        return [details, opDate ?? null, migrationDeadline ?? null, check ? now : null];
      }),
    );
    const values = columnsOf({
      ...asTold,
      account: sql`${account}`,
      first_seen_at: sql`${now}`,
      seen_at: sql`${now}`,
    });
    return db
      .insert(adeDevices)
      .select(sql`SELECT ${values} FROM json_each(${json}) WHERE true`)
      .onConflictDoUpdate({
        target: [adeDevices.serial, adeDevices.account],
        set: {
          model: sql`excluded.model`,
          family: sql`excluded.family`,
          os: sql`excluded.os`,
          profileStatus: sql`excluded.profile_status`,
          profileUuid: sql`excluded.profile_uuid`,
          details: sql`excluded.details`,
          opDate: sql`coalesce(excluded.op_date, op_date)`,
          migrationDeadline: sql`excluded.migration_deadline`,
          firstSeenAt: sql`iif(deleted_at IS NULL, first_seen_at, excluded.first_seen_at)`,
          seenAt: sql`excluded.seen_at`,
          deletedAt: null,
          checkAt: sql`coalesce(check_at, excluded.check_at)`,
        },
      });
  });

/**
 * `set` for the devices that `told` names, each with what it tells of it in the place of these columns. By CROSS JOIN
 * SQLite walks what is told and looks up each device, and never the other way round.
 */
const tellEach = (
  db: Db,
  account: string,
  told: readonly (readonly (string | number | null)[])[],
  places: { [column: string]: string },
  set: Parameters<ReturnType<ReturnType<typeof insertInto>["select"]>["onConflictDoUpdate"]>[0]["set"],
): Statement => {
  const columns = Object.values(getTableColumns(adeDevices)).map(({ name }) =>
    sql.raw(places[name] ?? `device.${name}`),
  );
  return insertInto(db)
    .select(
      sql`SELECT ${sql.join(columns, sql`, `)} FROM json_each(${JSON.stringify(told)}) AS told
        CROSS JOIN ade_devices AS device WHERE device.account = ${account} AND device.serial = told.value->>0`,
    )
    .onConflictDoUpdate({ target: [adeDevices.serial, adeDevices.account], set });
};

const insertInto = (db: Db) => db.insert(adeDevices);

/** They are no longer this server's. */
export const removeDevices = (
  db: Db,
  account: string,
  gone: readonly { serial: string; opDate?: number | undefined }[],
  now: number,
): Statement =>
  tellEach(
    db,
    account,
    gone.map(({ serial, opDate }) => [serial, opDate ?? null]),
    { op_date: "coalesce(told.value->>1, device.op_date)" },
    {
      deletedAt: sql`coalesce(deleted_at, ${now})`,
      checkAt: null,
      opDate: sql`excluded.op_date`,
    },
  );

/** Everything that the choice of a profile, and the repair of its assignment, looks at. */
const checked = {
  serial: adeDevices.serial,
  model: adeDevices.model,
  family: adeDevices.family,
  // Of several accounts the one that was read last. Written out: in a subquery the columns must say whose they are.
  orderNumber: sql<string | null>`(
    SELECT bought.order_number FROM portal_devices bought
    WHERE bought.serial = ade_devices.serial AND bought.order_number IS NOT NULL ORDER BY bought.seen_at DESC LIMIT 1)`,
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

export type CheckedDevice = Pick<AdeDeviceRow, Exclude<keyof typeof checked, "orderNumber">> & {
  orderNumber: string | null;
};

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
        tellEach(
          db,
          account,
          outcomes.map(({ serial, profile, checkAt }) => [serial, profile, checkAt]),
          { profile: "told.value->>1", check_at: "told.value->>2" },
          { profile: sql`excluded.profile`, checkAt: sql`excluded.check_at` },
        ),
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
        tellEach(
          db,
          account,
          assignments.map(({ serial, outcome, tries, checkAt }) => [serial, outcome, tries, checkAt]),
          {
            assign_outcome: "told.value->>1",
            assign_tries: "told.value->>2",
            check_at: "told.value->>3",
          },
          {
            assignedAt: now,
            assignedUuid: profileUuid,
            assignOutcome: sql`excluded.assign_outcome`,
            assignTries: sql`excluded.assign_tries`,
            checkAt: sql`excluded.check_at`,
            profileUuid: sql`iif(excluded.assign_outcome = 'SUCCESS', ${profileUuid}, profile_uuid)`,
            profileStatus: sql`iif(excluded.assign_outcome = 'SUCCESS', ${profileUuid === null ? "empty" : "assigned"}, profile_status)`,
          },
        ),
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
