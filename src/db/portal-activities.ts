import { and, asc, desc, eq, gt, isNotNull, lte, sql } from "drizzle-orm";
import type { DeviceResult } from "../business-api/results.ts";
import { among, chunks } from "./batch.ts";
import { applyTogether, type Statement } from "./directory.ts";
import { keyBefore } from "./keyset.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { portalActivities, portalActivityDevices } from "./schema/portal.ts";

export type PortalActivityRow = typeof portalActivities.$inferSelect;
export type PortalActivityDeviceRow = typeof portalActivityDevices.$inferSelect;

const rowsAStatement = 500;

export const insertActivity = (db: Db, row: PortalActivityRow, serials: readonly string[]): Promise<void> =>
  applyTogether(db, [
    db.insert(portalActivities).values(row),
    ...chunks(serials, rowsAStatement).map((some) =>
      db
        .insert(portalActivityDevices)
        .select(sql`SELECT ${row.id}, value, NULL, NULL FROM json_each(${JSON.stringify(some)}) WHERE true`),
    ),
  ]);

export const findActivity = (db: Db, account: string, id: string): Promise<PortalActivityRow | undefined> =>
  read(() =>
    db
      .select()
      .from(portalActivities)
      .where(and(eq(portalActivities.id, id), eq(portalActivities.account, account)))
      .get(),
  );

/** The newest first. */
export const listActivities = (
  db: Db,
  account: string,
  limit: number,
  after: readonly [createdAt: number, id: string] | undefined,
): Promise<PortalActivityRow[]> =>
  read(() =>
    db
      .select()
      .from(portalActivities)
      .where(
        and(
          eq(portalActivities.account, account),
          keyBefore([portalActivities.createdAt, portalActivities.id], after),
        ),
      )
      .orderBy(desc(portalActivities.createdAt), desc(portalActivities.id))
      .limit(limit)
      .all(),
  );

export const listActivityDevices = (
  db: Db,
  activity: string,
  limit: number,
  after: string,
): Promise<PortalActivityDeviceRow[]> =>
  read(() =>
    db
      .select()
      .from(portalActivityDevices)
      .where(and(eq(portalActivityDevices.activity, activity), gt(portalActivityDevices.serial, after)))
      .orderBy(asc(portalActivityDevices.serial))
      .limit(limit)
      .all(),
  );

export const activityDue = (db: Db, account: string, now: number): Promise<PortalActivityRow | undefined> =>
  read(() =>
    db
      .select()
      .from(portalActivities)
      .where(and(eq(portalActivities.account, account), lte(portalActivities.nextAt, now)))
      .orderBy(asc(portalActivities.nextAt))
      .limit(1)
      .get(),
  );

export async function nextActivityAt(db: Db, account: string): Promise<number | undefined> {
  const row = await read(() =>
    db
      .select({ at: portalActivities.nextAt })
      .from(portalActivities)
      .where(and(eq(portalActivities.account, account), isNotNull(portalActivities.nextAt)))
      .orderBy(asc(portalActivities.nextAt))
      .limit(1)
      .get(),
  );
  return row?.at ?? undefined;
}

/** An activity that is not over and names one of these devices. */
export const findOpenFor = (
  db: Db,
  account: string,
  serials: readonly string[],
): Promise<{ id: string; serial: string } | undefined> =>
  read(() =>
    db
      .select({ id: portalActivities.id, serial: portalActivityDevices.serial })
      .from(portalActivities)
      .innerJoin(portalActivityDevices, eq(portalActivityDevices.activity, portalActivities.id))
      .where(
        and(
          eq(portalActivities.account, account),
          isNotNull(portalActivities.nextAt),
          sql`${portalActivityDevices.serial} IN ${among(serials)}`,
        ),
      )
      .limit(1)
      .get(),
  );

export const setActivity = (
  db: Db,
  id: string,
  columns: Partial<Omit<PortalActivityRow, "id" | "account">>,
): Statement => db.update(portalActivities).set(columns).where(eq(portalActivities.id, id));

/** What Apple said of each; of a device that was not named nothing is kept. */
export const noteResults = (db: Db, activity: string, results: readonly DeviceResult[]): Statement[] =>
  chunks(results, rowsAStatement).map((some) => {
    const json = JSON.stringify(some.map(({ serial, outcome, detail }) => [serial, outcome, detail ?? null]));
    return db
      .insert(portalActivityDevices)
      .select(
        sql`SELECT device.activity, device.serial, told.value->>1, told.value->>2 FROM json_each(${json}) AS told
          CROSS JOIN portal_activity_devices AS device WHERE device.activity = ${activity} AND device.serial = told.value->>0`,
      )
      .onConflictDoUpdate({
        target: [portalActivityDevices.activity, portalActivityDevices.serial],
        set: { outcome: sql`excluded.outcome`, detail: sql`excluded.detail` },
      });
  });
