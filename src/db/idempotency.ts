import { and, eq, inArray, lt, sql } from "drizzle-orm";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { idempotencyKeys } from "./schema/idempotency.ts";

export type IdempotencyRow = typeof idempotencyKeys.$inferSelect;

/**
 * Takes the key for one request: true for exactly one of those that race. A row from before `expiredBefore`, or an
 * unanswered one from before `abandonedBefore`, is taken over.
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

// Who was taken over must not touch the claim of who took over.
const claimOf = (id: string, createdAt: number) =>
  and(eq(idempotencyKeys.id, id), eq(idempotencyKeys.createdAt, createdAt));
