import { and, isNotNull, type SQL, sql } from "drizzle-orm";
import type { Assignment } from "../apps-and-books/assignment.ts";
import { chunks } from "./batch.ts";
import type { Statement } from "./directory.ts";
import { areThese, jsonOf, type LicenceKey, rowsAStatement, target } from "./licence-keys.ts";
import type { Db } from "./open.ts";
import { licences } from "./schema/licences.ts";
import { assetsOf, tryAgain } from "./waiting-licences.ts";

// What Apple's lists and notifications say of licences.

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
