import { and, eq, gt, isNull, lt, or, sql } from "drizzle-orm";
import type { Db } from "./open.ts";
import { challenges } from "./schema/challenges.ts";

export type ChallengeRow = typeof challenges.$inferSelect;
export type NewChallengeRow = Omit<ChallengeRow, "consumedBy" | "consumedAt" | "uses">;

export async function insertChallenge(db: Db, row: NewChallengeRow): Promise<void> {
  await db.insert(challenges).values(row);
}

/**
 * Gives a challenge to the first key that presents it before it expires; the same key may present it again until
 * `retriesSince`. One statement decides the race. undefined: unknown, expired, or used up by another key.
 */
export async function consumeChallenge(
  db: Db,
  id: string,
  spkiHash: string,
  now: number,
  retriesSince: number,
): Promise<ChallengeRow | undefined> {
  const unused = and(isNull(challenges.consumedBy), gt(challenges.expiresAt, now));
  const retried = and(eq(challenges.consumedBy, spkiHash), gt(challenges.consumedAt, retriesSince));
  const [row] = await db
    .update(challenges)
    .set({
      consumedBy: spkiHash,
      consumedAt: sql`coalesce(${challenges.consumedAt}, ${now})`,
      uses: sql`${challenges.uses} + 1`,
    })
    .where(and(eq(challenges.id, id), or(unused, retried)))
    .returning();
  return row;
}

/** Unused challenges that expired before this. Used ones stay: they say what a certificate was issued for. */
export async function pruneChallenges(db: Db, expiredBefore: number): Promise<void> {
  await db
    .delete(challenges)
    .where(and(lt(challenges.expiresAt, expiredBefore), isNull(challenges.consumedBy)));
}
