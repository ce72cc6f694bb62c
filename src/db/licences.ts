import { and, asc, eq, isNotNull, lte, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { AssetKey } from "../apps-and-books/asset.ts";
import type { Assignment, LicenceHolder } from "../apps-and-books/assignment.ts";
import { chunks } from "./batch.ts";
import type { Statement } from "./directory.ts";
import { giveUp } from "./give-up-licences.ts";
import { keyAfter } from "./keyset.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import type { AdeTrouble } from "./schema/ade.ts";
import { licences } from "./schema/licences.ts";

export type LicenceRow = typeof licences.$inferSelect;
export type LicenceKey = AssetKey & { holder: LicenceHolder };

export const keyOf = ({ adamId, pricing, holderKind, holder }: LicenceRow): LicenceKey => ({
  adamId,
  pricing,
  holder: { kind: holderKind, id: holder },
});

const rowsAStatement = 1_000;

const jsonOf = (keys: readonly LicenceKey[]): string =>
  JSON.stringify(keys.map(({ adamId, pricing, holder }) => [adamId, pricing, holder.kind, holder.id]));

/** The rows of these licences, found by their key. */
const areThese = (location: string, keys: readonly LicenceKey[]): SQL =>
  sql`${licences.location} = ${location} AND (adam_id, pricing, holder_kind, holder) IN
    (SELECT value->>0, value->>1, value->>2, value->>3 FROM json_each(${jsonOf(keys)}))`;

/** Which assets these rows are of. */
const assetsOf = (which: SQL): SQL => sql`SELECT adam_id, pricing FROM licences WHERE ${which}`;

const target: SQLiteColumn[] = [
  licences.location,
  licences.adamId,
  licences.pricing,
  licences.holderKind,
  licences.holder,
];

const unchanged = sql`licences.due_at`;

/** Apple says that they are held: what was wanted is done, and what is to be freed is due. */
export const noteHeld = (
  db: Db,
  location: string,
  assignments: readonly Assignment[],
  now: number,
): Statement[] =>
  chunks(assignments, rowsAStatement).map((some) =>
    db
      .insert(licences)
      .select(
        sql`SELECT ${location}, value->>0, value->>1, value->>2, value->>3, ${now}, ${now}, NULL, NULL, NULL, NULL, 0, NULL, NULL
          FROM json_each(${jsonOf(some)}) WHERE true`,
      )
      .onConflictDoUpdate({
        target,
        set: {
          heldAt: sql`coalesce(licences.held_at, excluded.held_at)`,
          seenAt: sql`excluded.seen_at`,
          orderId: sql`CASE WHEN licences.intent = 'hold' THEN NULL ELSE licences.order_id END`,
          tries: sql`CASE WHEN licences.intent = 'hold' THEN 0 ELSE licences.tries END`,
          trouble: sql`CASE WHEN licences.intent = 'hold' THEN NULL ELSE licences.trouble END`,
          dueAt: sql`CASE WHEN licences.intent = 'hold' THEN NULL
            WHEN licences.intent = 'free' AND licences.held_at IS NULL AND licences.order_id IS NULL THEN ${now}
            ELSE ${unchanged} END`,
        },
      }),
  );

/** Apple says that they are held no more: one that is wanted is asked for again. */
export const noteFreed = (db: Db, location: string, keys: readonly LicenceKey[], now: number): Statement[] =>
  chunks(keys, rowsAStatement).flatMap((some) => freed(db, location, areThese(location, some), now));

const freed = (db: Db, location: string, which: SQL, now: number): Statement[] => [
  tryAgain(db, location, assetsOf(sql`${which} AND ${licences.heldAt} IS NOT NULL`), now),
  db.delete(licences).where(and(which, sql`${licences.intent} IS NOT 'hold'`)),
  db
    .update(licences)
    .set({ heldAt: null, dueAt: now, orderId: null })
    .where(and(which, isNotNull(licences.heldAt))),
];

/** After a list of all: what it did not show is held no more. */
export const freeUnseen = (db: Db, location: string, before: number, now: number): Statement[] =>
  freed(
    db,
    location,
    sql`${licences.location} = ${location} AND ${licences.heldAt} IS NOT NULL AND ${licences.seenAt} < ${before}`,
    now,
  );

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

export const licencesDue = (db: Db, location: string, now: number, limit: number): Promise<LicenceRow[]> =>
  read(() =>
    db
      .select()
      .from(licences)
      .where(and(eq(licences.location, location), lte(licences.dueAt, now)))
      .orderBy(asc(licences.dueAt), asc(licences.adamId), asc(licences.holder))
      .limit(limit)
      .all(),
  );

export async function nextLicenceAt(db: Db, location: string): Promise<number | undefined> {
  const row = await read(() =>
    db
      .select({ at: licences.dueAt })
      .from(licences)
      .where(and(eq(licences.location, location), isNotNull(licences.dueAt)))
      .orderBy(asc(licences.dueAt))
      .limit(1)
      .get(),
  );
  return row?.at ?? undefined;
}

/** An order goes for them. */
export const putIntoOrder = (
  db: Db,
  location: string,
  keys: readonly LicenceKey[],
  orderId: string,
): Statement[] =>
  chunks(keys, rowsAStatement).map((some) =>
    db
      .update(licences)
      .set({ orderId, dueAt: null, tries: sql`${licences.tries} + 1` })
      .where(areThese(location, some)),
  );

export const licencesOfOrder = (db: Db, orderId: string): Promise<LicenceRow[]> =>
  read(() => db.select().from(licences).where(eq(licences.orderId, orderId)).all());

/** An order that associated them is through. One that was given up meanwhile is taken back next. */
export const orderHeld = (db: Db, orderId: string, now: number): Statement =>
  db
    .update(licences)
    .set({
      heldAt: sql`coalesce(${licences.heldAt}, ${now})`,
      seenAt: now,
      orderId: null,
      tries: 0,
      trouble: null,
      dueAt: sql`CASE WHEN ${licences.intent} = 'free' THEN ${now} END`,
    })
    .where(eq(licences.orderId, orderId));

/** An order that took them back is through. One that is wanted again meanwhile is asked for. */
export const orderFreed = (db: Db, location: string, orderId: string, now: number): Statement[] => [
  tryAgain(db, location, assetsOf(sql`${licences.orderId} = ${orderId}`), now),
  db.delete(licences).where(and(eq(licences.orderId, orderId), sql`${licences.intent} IS NOT 'hold'`)),
  db
    .update(licences)
    .set({ heldAt: null, orderId: null, tries: 0, trouble: null, dueAt: now })
    .where(eq(licences.orderId, orderId)),
];

/** An order did nothing for these. `dueAt` null: nothing is tried before something changes. */
export const orderFailed = (
  db: Db,
  location: string,
  keys: readonly LicenceKey[],
  trouble: AdeTrouble,
  dueAt: number | null,
): Statement[] =>
  chunks(keys, rowsAStatement).map((some) =>
    db.update(licences).set({ orderId: null, trouble, dueAt }).where(areThese(location, some)),
  );

/** More licences of it may be there: what waited for them is tried again. */
export const tryAgainFor = (
  db: Db,
  location: string,
  { adamId, pricing }: AssetKey,
  now: number,
): Statement => tryAgain(db, location, sql`VALUES (${adamId}, ${pricing})`, now);

/** After the counts were read: what waited for licences, of assets that have some. */
export const tryAgainWhereAvailable = (db: Db, location: string, now: number): Statement =>
  tryAgain(
    db,
    location,
    sql`SELECT adam_id, pricing FROM content_assets WHERE location = ${location} AND available > 0`,
    now,
  );

/**
 * Those who waited longest, and no more than there are licences: Apple gives none where it has too few for all of a request.
 * One always, because a licence may be free before its count is known.
 */
const tryAgain = (db: Db, location: string, assets: SQL, now: number): Statement =>
  db
    .update(licences)
    .set({ dueAt: now })
    .where(
      sql`rowid IN (SELECT id FROM (
        SELECT waiting.rowid AS id, available,
          row_number() OVER (PARTITION BY waiting.adam_id, waiting.pricing ORDER BY intent_at, holder) AS place
        FROM licences AS waiting LEFT JOIN content_assets USING (location, adam_id, pricing)
        WHERE waiting.location = ${location} AND trouble IS NOT NULL AND trouble->>'reason' = 'not-enough-licences' AND order_id IS NULL
          AND (waiting.adam_id, waiting.pricing) IN (${assets}))
        WHERE place <= max(1, coalesce(available, 1)))`,
    );

/** Whose dead order is to be decided again. */
export const releaseOrder = (db: Db, orderId: string, dueAt: number): Statement =>
  db.update(licences).set({ orderId: null, dueAt }).where(eq(licences.orderId, orderId));

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

export type MissingLicences = { location: string; adamId: string; name: string | null; count: number };

/** How many licences each app lacks, by the rows that wait for some. */
export const listMissing = (db: Db, limit: number): Promise<MissingLicences[]> =>
  read(() =>
    db.all<MissingLicences>(sql`
      SELECT location, adam_id AS adamId, count(*) AS count,
        (SELECT name FROM store_items WHERE store_items.adam_id = licences.adam_id LIMIT 1) AS name
      FROM licences WHERE trouble IS NOT NULL AND trouble->>'reason' = 'not-enough-licences'
      GROUP BY location, adam_id ORDER BY location, adam_id LIMIT ${limit}`),
  );
