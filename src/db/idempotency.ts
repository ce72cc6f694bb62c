import { and, eq, inArray, lt, sql } from "drizzle-orm";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { idempotencyKeys } from "./schema/idempotency.ts";

export type IdempotencyRow = typeof idempotencyKeys.$inferSelect;

/**
 * Claims the key for one request: true for exactly one of several concurrent requests. A row older than `expiredBefore`,
 * or an unanswered one older than `abandonedBefore`, is replaced.
 */
export async function claimKey(
  db: Db,
  row: { id: string; requestSealed: string; createdAt: number },
  limits: { expiredBefore: number; abandonedBefore: number },
): Promise<boolean> {
  const claimed = await db
    .insert(idempotencyKeys)
    .values({ ...row, answerSealed: null })
    .onConflictDoUpdate({
      target: idempotencyKeys.id,
      set: { requestSealed: row.requestSealed, answerSealed: null, createdAt: row.createdAt },
      setWhere: sql`${idempotencyKeys.createdAt} < ${limits.expiredBefore}
        or (${idempotencyKeys.answerSealed} is null and ${idempotencyKeys.createdAt} < ${limits.abandonedBefore})`,
    })
    .returning({ id: sql`1` });
  return claimed.length > 0;
}

export const findKey = (db: Db, id: string): Promise<IdempotencyRow | undefined> =>
  read(() => db.select().from(idempotencyKeys).where(eq(idempotencyKeys.id, id)).get());

export async function keepAnswer(db: Db, id: string, createdAt: number, answerSealed: string): Promise<void> {
  await db.update(idempotencyKeys).set({ answerSealed }).where(claimOf(id, createdAt));
}

export async function releaseKey(db: Db, id: string, createdAt: number): Promise<void> {
  await db.delete(idempotencyKeys).where(claimOf(id, createdAt));
}

export async function pruneIdempotencyKeys(db: Db, createdBefore: number, limit: number): Promise<number> {
  const { id, createdAt } = idempotencyKeys;
  const old = db.select({ id }).from(idempotencyKeys).where(lt(createdAt, createdBefore)).limit(limit);
  return (await db.delete(idempotencyKeys).where(inArray(id, old))).meta.changes;
}

// A request whose claim was replaced must not change the new claim.
const claimOf = (id: string, createdAt: number) =>
  and(eq(idempotencyKeys.id, id), eq(idempotencyKeys.createdAt, createdAt));
