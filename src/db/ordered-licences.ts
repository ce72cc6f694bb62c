import { and, asc, eq, isNotNull, lte, sql } from "drizzle-orm";
import { chunks } from "./batch.ts";
import type { Statement } from "./directory.ts";
import { areThese, type LicenceKey, type LicenceRow, rowsAStatement } from "./licence-keys.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import type { AdeTrouble } from "./schema/ade.ts";
import { licences } from "./schema/licences.ts";
import { assetsOf, tryAgain } from "./waiting-licences.ts";

// Licences from the time when they are due until the order that goes for them is through.

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

/** Whose dead order is to be decided again. */
export const releaseOrder = (db: Db, orderId: string, dueAt: number): Statement =>
  db.update(licences).set({ orderId: null, dueAt }).where(eq(licences.orderId, orderId));
