import { type SQL, sql } from "drizzle-orm";
import type { Statement } from "./directory.ts";
import type { Db } from "./open.ts";
import { licences } from "./schema/licences.ts";

/**
 * These licences are to be given back to Apple. What Apple never gave, and nobody has ordered, is forgotten at once; one that
 * an order goes for is looked at when that is through. `by`: unless set, it stays who wanted them.
 */
export const giveUp = (
  db: Db,
  which: SQL,
  by: string | undefined,
  now: number,
  dueAt: number = now,
): Statement[] => [
  db.delete(licences).where(sql`${which} AND ${licences.heldAt} IS NULL AND ${licences.orderId} IS NULL`),
  db
    .update(licences)
    .set({
      ...{ intent: "free", intentAt: now, tries: 0, trouble: null },
      ...(by !== undefined && { intentBy: by }),
      dueAt: sql`CASE WHEN ${licences.orderId} IS NULL THEN ${dueAt} END`,
    })
    .where(sql`${which} AND ${licences.intent} IS NOT 'free'`),
];
