import { and, eq, gt, inArray, isNull, lt, or, sql } from "drizzle-orm";
import type { Db } from "./open.ts";
import { challenges } from "./schema/challenges.ts";

export type ChallengeRow = typeof challenges.$inferSelect;
export type NewChallengeRow = Omit<ChallengeRow, "consumedBy" | "consumedAt" | "uses">;

/** Also clears away a few that expired unused before `forgottenBefore`; used ones say what a certificate was issued for. */
export async function insertChallenge(db: Db, row: NewChallengeRow, forgottenBefore: number): Promise<void> {
  const forgotten = db
    .select({ id: challenges.id })
    .from(challenges)
    .where(and(lt(challenges.expiresAt, forgottenBefore), isNull(challenges.consumedBy)))
    .limit(20);
  await db.batch([
    db.insert(challenges).values(row),
    db.delete(challenges).where(inArray(challenges.id, forgotten)),
  ]);
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
