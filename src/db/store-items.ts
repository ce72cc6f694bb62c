import { and, asc, eq, lte, sql } from "drizzle-orm";
import type { StoreItem } from "../apps-and-books/store-item.ts";
import { chunks } from "./batch.ts";
import type { Statement } from "./directory.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { storeItems } from "./schema/licences.ts";

export type StoreItemRow = typeof storeItems.$inferSelect;

/** Of a location that does not say its own. */
export const usualCountry = "US";

const rowsAStatement = 500;

/** These are sold there: what the store says of them is asked for next, where it is not known. */
export const noteStoreItems = (
  db: Db,
  country: string,
  adamIds: readonly string[],
  now: number,
): Statement[] =>
  chunks(adamIds, rowsAStatement).map((some) =>
    db
      .insert(storeItems)
      .select(
        sql`SELECT value, ${country}, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL, ${now}
          FROM json_each(${JSON.stringify(some)}) WHERE true`,
      )
      .onConflictDoNothing(),
  );

export const storeItemsDue = (db: Db, country: string, now: number, limit: number): Promise<string[]> =>
  read(async () =>
    (
      await db
        .select({ adamId: storeItems.adamId })
        .from(storeItems)
        .where(and(eq(storeItems.country, country), lte(storeItems.dueAt, now)))
        .orderBy(asc(storeItems.dueAt))
        .limit(limit)
        .all()
    ).map(({ adamId }) => adamId),
  );

export const saveStoreItem = (
  db: Db,
  country: string,
  { adamId, ...told }: StoreItem,
  now: number,
  dueAt: number,
): Statement =>
  db
    .update(storeItems)
    .set({ ...told, fetchedAt: now, dueAt })
    .where(and(eq(storeItems.adamId, adamId), eq(storeItems.country, country)));

/** Not found, or not now: what was known stays. */
export const putOffStoreItems = (
  db: Db,
  country: string,
  adamIds: readonly string[],
  dueAt: number,
): Statement =>
  db
    .update(storeItems)
    .set({ dueAt })
    .where(
      sql`${storeItems.country} = ${country} AND ${storeItems.adamId} IN (SELECT value FROM json_each(${JSON.stringify(adamIds)}))`,
    );
