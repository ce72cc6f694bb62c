import { and, asc, desc, eq, isNotNull, lte, sql } from "drizzle-orm";
import type { Statement } from "./directory.ts";
import { keyBefore } from "./keyset.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { licenceOrders } from "./schema/licences.ts";

export type LicenceOrderRow = typeof licenceOrders.$inferSelect;

export const insertOrder = (db: Db, row: LicenceOrderRow): Statement => db.insert(licenceOrders).values(row);

export const setOrder = (
  db: Db,
  id: string,
  columns: Partial<Omit<LicenceOrderRow, "id" | "location">>,
): Statement => db.update(licenceOrders).set(columns).where(eq(licenceOrders.id, id));

/** A notification came for it: it is looked at now. */
export const lookAtEvent = (db: Db, location: string, eventId: string, now: number): Statement =>
  db
    .update(licenceOrders)
    .set({ nextAt: now })
    .where(
      and(
        eq(licenceOrders.location, location),
        eq(licenceOrders.eventId, eventId),
        isNotNull(licenceOrders.nextAt),
      ),
    );

export const orderDue = (db: Db, location: string, now: number): Promise<LicenceOrderRow | undefined> =>
  read(() =>
    db
      .select()
      .from(licenceOrders)
      .where(and(eq(licenceOrders.location, location), lte(licenceOrders.nextAt, now)))
      .orderBy(asc(licenceOrders.nextAt))
      .limit(1)
      .get(),
  );

export async function nextOrderAt(db: Db, location: string): Promise<number | undefined> {
  const row = await read(() =>
    db
      .select({ at: licenceOrders.nextAt })
      .from(licenceOrders)
      .where(and(eq(licenceOrders.location, location), isNotNull(licenceOrders.nextAt)))
      .orderBy(asc(licenceOrders.nextAt))
      .limit(1)
      .get(),
  );
  return row?.at ?? undefined;
}

/** The newest first. */
export const listOrders = (
  db: Db,
  location: string,
  limit: number,
  after: readonly [sentAt: number, id: string] | undefined,
): Promise<LicenceOrderRow[]> =>
  read(() =>
    db
      .select()
      .from(licenceOrders)
      .where(
        and(eq(licenceOrders.location, location), keyBefore([licenceOrders.sentAt, licenceOrders.id], after)),
      )
      .orderBy(desc(licenceOrders.sentAt), desc(licenceOrders.id))
      .limit(limit)
      .all(),
  );

/** Which of these events belong to orders of ours. */
export async function ordersOfEvents(
  db: Db,
  location: string,
  eventIds: readonly string[],
): Promise<string[]> {
  if (eventIds.length === 0) return [];
  const rows = await read(() =>
    db
      .select({ eventId: licenceOrders.eventId })
      .from(licenceOrders)
      .where(
        and(
          eq(licenceOrders.location, location),
          sql`${licenceOrders.eventId} IN (SELECT value FROM json_each(${JSON.stringify(eventIds)}))`,
        ),
      )
      .all(),
  );
  return rows.flatMap(({ eventId }) => eventId ?? []);
}
