import { and, asc, eq, getTableColumns, lte, type SQL, sql } from "drizzle-orm";
import { type Coverage, coveredUntil } from "../business-api/coverage.ts";
import type { OrgDevice } from "../business-api/device.ts";
import { chunks } from "./batch.ts";
import type { Statement } from "./directory.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { portalDevices } from "./schema/portal.ts";

export type PortalDeviceRow = typeof portalDevices.$inferSelect;

export type ToldOrgDevice = { device: OrgDevice; migrationDeadline: number | undefined };

/** So many rows lie in one parameter. */
const rowsAStatement = 250;

const asTold: { [column: string]: SQL } = {
  serial: sql`value->>'$[0].serialNumber'`,
  order_number: sql`value->>'$[0].orderNumber'`,
  purchase_source: sql`value->>'$[0].purchaseSourceType'`,
  migration_status: sql`value->>'$[0].mdmMigrationStatus'`,
  migration_deadline: sql`value->>1`,
  details: sql`value->'$[0]'`,
};

/** A device that is new has its coverage read. */
export const savePortalDevices = (
  db: Db,
  account: string,
  told: readonly ToldOrgDevice[],
  now: number,
): Statement[] =>
  chunks(told, rowsAStatement).map((some) => {
    const json = JSON.stringify(
      some.map(({ device, migrationDeadline }) => [device, migrationDeadline ?? null]),
    );
    const values: { [column: string]: SQL } = {
      ...asTold,
      account: sql`${account}`,
      seen_at: sql`${now}`,
      coverage_due_at: sql`${now}`,
    };
    const columns = Object.values(getTableColumns(portalDevices)).map(
      ({ name }) => values[name] ?? sql`NULL`,
    );
    return db
      .insert(portalDevices)
      .select(sql`SELECT ${sql.join(columns, sql`, `)} FROM json_each(${json}) WHERE true`)
      .onConflictDoUpdate({
        target: [portalDevices.serial, portalDevices.account],
        set: {
          orderNumber: sql`excluded.order_number`,
          purchaseSource: sql`excluded.purchase_source`,
          migrationStatus: sql`excluded.migration_status`,
          migrationDeadline: sql`excluded.migration_deadline`,
          details: sql`excluded.details`,
          seenAt: sql`excluded.seen_at`,
        },
      });
  });

/** Those that a whole run did not see are no longer the organisation's: so many at a time. How many went. */
export async function dropUnseen(db: Db, account: string, before: number, limit: number): Promise<number> {
  const { meta } = await db.run(sql`
    DELETE FROM portal_devices WHERE account = ${account} AND serial IN
      (SELECT serial FROM portal_devices WHERE account = ${account} AND seen_at < ${before} ORDER BY serial LIMIT ${limit})`);
  return meta.changes;
}

export const coverageDue = (
  db: Db,
  account: string,
  now: number,
  limit: number,
): Promise<{ serial: string }[]> =>
  read(() =>
    db
      .select({ serial: portalDevices.serial })
      .from(portalDevices)
      .where(and(eq(portalDevices.account, account), lte(portalDevices.coverageDueAt, now)))
      .orderBy(asc(portalDevices.coverageDueAt))
      .limit(limit)
      .all(),
  );

export const saveCoverage = (
  db: Db,
  account: string,
  serial: string,
  coverage: Coverage[],
  dueAt: number,
): Statement =>
  db
    .update(portalDevices)
    .set({ coverage, coveredUntil: coveredUntil(coverage) ?? null, coverageDueAt: dueAt })
    .where(and(eq(portalDevices.serial, serial), eq(portalDevices.account, account)));

export const putOffCoverage = (db: Db, account: string, serial: string, dueAt: number): Statement =>
  db
    .update(portalDevices)
    .set({ coverageDueAt: dueAt })
    .where(and(eq(portalDevices.serial, serial), eq(portalDevices.account, account)));

/** In every account that has it; what was read last comes first. */
export const findPortalDevices = (db: Db, serial: string): Promise<PortalDeviceRow[]> =>
  read(() =>
    db
      .select()
      .from(portalDevices)
      .where(eq(portalDevices.serial, serial))
      .orderBy(sql`${portalDevices.seenAt} DESC`, portalDevices.account)
      .all(),
  );
