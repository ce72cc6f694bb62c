import { type SQL, sql } from "drizzle-orm";
import type { Statement } from "./directory.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { licences } from "./schema/licences.ts";

/** Licences of devices that left: those whose serial number is proven, and that no other device of this server has. */

/** The serial numbers that have licences, in their order: one page. */
export async function serialsWithLicences(db: Db, after: string, limit: number): Promise<string[]> {
  const rows = await read(() =>
    db.all<{ holder: string }>(sql`SELECT DISTINCT holder FROM licences
      WHERE holder_kind = 'device' AND holder > ${after} ORDER BY holder LIMIT ${limit}`),
  );
  return rows.map(({ holder }) => holder);
}

export type LeftHolder = { serial: string; leftAt: number };

/**
 * Those of them that left before `before`, by a device that proved the number. Whoever else claims the number, is enrolled
 * or about to be, or left later, keeps the licences: a licence that is freed too late costs less than one freed too early.
 */
export const leftAmong = (db: Db, serials: readonly string[], before: number): Promise<LeftHolder[]> =>
  read(() =>
    db.all<LeftHolder>(sql`
      SELECT value AS serial, max(unenrolled_at) AS leftAt
      FROM json_each(${JSON.stringify(serials)}) JOIN devices ON devices.serial = value
      GROUP BY value
      HAVING min(state IN ('unenrolled', 'erased')) = 1 AND max(coalesce(unenrolled_at, ${before})) < ${before}
        AND max(coalesce(proven ->> '$.serial_number', 'disputed') <> 'disputed') = 1`),
  );

/** Each location that has licences of these. */
export async function locationsOf(db: Db, serials: readonly string[]): Promise<string[]> {
  const rows = await read(() =>
    db.all<{ location: string }>(sql`SELECT DISTINCT location FROM licences
      WHERE holder_kind = 'device' AND holder IN (SELECT value FROM json_each(${JSON.stringify(serials)}))
        AND intent IS NOT 'free'`),
  );
  return rows.map(({ location }) => location);
}

/** By whom a licence is given up, when nobody did it by hand. */
export const wantedByLeaving = "left";

/** All that these have in a location, and Apple takes back. What somebody wanted for them after they left stays. */
export function giveUpOfLeft(
  db: Db,
  location: string,
  left: readonly LeftHolder[],
  { now, dueAt }: { now: number; dueAt: number },
): Statement[] {
  const which: SQL = sql`location = ${location} AND holder_kind = 'device' AND intent IS NOT 'free'
    AND EXISTS (SELECT 1 FROM json_each(${JSON.stringify(left)}) WHERE value ->> 'serial' = holder
      AND (intent IS NULL OR intent_at <= value ->> 'leftAt'))
    AND (adam_id, pricing) IN (SELECT adam_id, pricing FROM content_assets WHERE location = ${location} AND is_revocable = 1)`;
  return [
    db.delete(licences).where(sql`${which} AND held_at IS NULL AND order_id IS NULL`),
    db
      .update(licences)
      .set({
        intent: "free",
        intentBy: wantedByLeaving,
        intentAt: now,
        tries: 0,
        trouble: null,
        dueAt: sql`CASE WHEN ${licences.orderId} IS NULL THEN ${dueAt} END`,
      })
      .where(which),
  ];
}
