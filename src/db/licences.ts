import { and, asc, eq, sql } from "drizzle-orm";
import type { LicenceHolder } from "../apps-and-books/assignment.ts";
import { chunks } from "./batch.ts";
import type { Statement } from "./directory.ts";
import { giveUp } from "./give-up-licences.ts";
import { keyAfter } from "./keyset.ts";
import {
  areThese,
  jsonOf,
  type LicenceKey,
  type LicenceRow,
  rowsAStatement,
  target,
} from "./licence-keys.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { licences } from "./schema/licences.ts";

// Who should have which licence, and who has it.

/** Somebody should have them. How many were not held yet follows from the rows. */
export const wantLicences = (
  db: Db,
  location: string,
  keys: readonly LicenceKey[],
  by: string,
  now: number,
): Statement[] =>
  chunks(keys, rowsAStatement).map((some) =>
    db
      .insert(licences)
      .select(
        sql`SELECT ${location}, value->>0, value->>1, value->>2, value->>3, NULL, NULL, 'hold', ${by}, ${now}, NULL, 0, NULL, ${now}
          FROM json_each(${jsonOf(some)}) WHERE true`,
      )
      .onConflictDoUpdate({
        target,
        set: {
          intent: "hold",
          intentBy: sql`CASE WHEN licences.intent = 'hold' THEN licences.intent_by ELSE excluded.intent_by END`,
          intentAt: sql`CASE WHEN licences.intent = 'hold' THEN licences.intent_at ELSE excluded.intent_at END`,
          tries: sql`CASE WHEN licences.intent = 'hold' THEN licences.tries ELSE 0 END`,
          trouble: sql`CASE WHEN licences.intent = 'hold' THEN licences.trouble ELSE NULL END`,
          // One that an order goes for, or that waits for licences, waits on.
          dueAt: sql`CASE WHEN licences.intent = 'hold' THEN licences.due_at
            WHEN licences.held_at IS NOT NULL OR licences.order_id IS NOT NULL THEN NULL ELSE excluded.due_at END`,
        },
      }),
  );

/** They are to be given back. What Apple never gave is forgotten at once. */
export const giveUpLicences = (
  db: Db,
  location: string,
  keys: readonly LicenceKey[],
  by: string,
  now: number,
): Statement[] =>
  chunks(keys, rowsAStatement).flatMap((some) => giveUp(db, areThese(location, some), by, now));

/** All that these have in a location, and Apple takes back. */
export const giveUpAllOf = (
  db: Db,
  location: string,
  holders: readonly LicenceHolder[],
  by: string,
  now: number,
): Statement[] =>
  giveUp(
    db,
    sql`${licences.location} = ${location} AND (holder_kind, holder) IN
      (SELECT value->>0, value->>1 FROM json_each(${JSON.stringify(holders.map(({ kind, id }) => [kind, id]))}))
      AND (adam_id, pricing) IN (SELECT adam_id, pricing FROM content_assets WHERE location = ${location} AND is_revocable = 1)`,
    by,
    now,
  );

export type LicenceFilter = { adamId?: string | undefined; holder?: LicenceHolder | undefined };

export const listLicences = (
  db: Db,
  location: string,
  { adamId, holder }: LicenceFilter,
  limit: number,
  after: readonly [adamId: string, pricing: string, kind: string, holder: string] | undefined,
): Promise<LicenceRow[]> =>
  read(() =>
    db
      .select()
      .from(licences)
      .where(
        and(
          eq(licences.location, location),
          adamId === undefined ? undefined : eq(licences.adamId, adamId),
          holder && eq(licences.holderKind, holder.kind),
          holder && eq(licences.holder, holder.id),
          keyAfter([licences.adamId, licences.pricing, licences.holderKind, licences.holder], after),
        ),
      )
      .orderBy(asc(licences.adamId), asc(licences.pricing), asc(licences.holderKind), asc(licences.holder))
      .limit(limit)
      .all(),
  );

/** Of a location that is deleted: so many at a time. How many went. */
export async function dropLicences(db: Db, location: string, limit: number): Promise<number> {
  const { meta } = await db.run(sql`
    DELETE FROM licences WHERE rowid IN (SELECT rowid FROM licences WHERE location = ${location} LIMIT ${limit})`);
  return meta.changes;
}
