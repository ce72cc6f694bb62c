import { sql } from "drizzle-orm";
import { leanAddition, leanRows, leanStatement } from "./lean.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { challenges } from "./schema/challenges.ts";

export type ChallengeRow = typeof challenges.$inferSelect;
export type NewChallengeRow = Omit<ChallengeRow, "consumedBy" | "consumedAt" | "uses">;

/** Also deletes a few that expired unused before `forgottenBefore`. Used ones stay: they say what a certificate is for. */
export async function insertChallenge(db: Db, row: NewChallengeRow, forgottenBefore: number): Promise<void> {
  await db.batch([
    leanAddition(db, challenges, "challenges", row),
    leanStatement(
      db,
      `DELETE FROM challenges WHERE id IN
        (SELECT id FROM challenges WHERE expires_at < ?1 AND consumed_by IS NULL LIMIT 20)`,
      [forgottenBefore],
    ),
  ]);
}

/** For a challenge that can be made again, with the same value: it can be used until the later time, if no key has used it. */
export async function renewChallenge(db: Db, row: NewChallengeRow): Promise<void> {
  await db
    .insert(challenges)
    .values(row)
    .onConflictDoUpdate({
      target: challenges.id,
      set: { expiresAt: row.expiresAt },
      setWhere: sql`${challenges.consumedBy} IS NULL AND ${challenges.expiresAt} < ${row.expiresAt}`,
    });
}

/** A challenge is for one protocol: one that requires an attestation must not work without it. */
const ways = {
  scep: "json_extract(enrollment, '$.attestation') IS NULL",
  acme: "json_extract(enrollment, '$.attestation') IS NOT NULL",
} as const;

export async function findChallenge(db: Db, id: string): Promise<ChallengeRow | undefined> {
  const [row] = await leanRows(db, challenges, "SELECT * FROM challenges WHERE id = ?1", [id]);
  return row;
}

/** An ACME client identifier that could still be used, by a key that is not known yet. */
export async function findClientIdentifier(
  db: Db,
  id: string,
  now: number,
  retriesSince: number,
): Promise<ChallengeRow | undefined> {
  const [row] = await leanRows(
    db,
    challenges,
    `SELECT * FROM challenges WHERE id = ?1 AND ${ways.acme}
      AND (consumed_by IS NULL AND expires_at > ?2 OR consumed_at > ?3)`,
    [id, now, retriesSince],
  );
  return row;
}

/**
 * Gives a challenge to the first key that presents it before it expires; the same key may present it again until
 * `retriesSince`. One statement decides between concurrent requests. undefined: unknown, expired, or used by another key.
 */
export async function consumeChallenge(
  db: Db,
  id: string,
  spkiHash: string,
  now: number,
  retriesSince: number,
  way: "scep" | "acme",
): Promise<ChallengeRow | undefined> {
  const [row] = await leanRows(
    db,
    challenges,
    `UPDATE challenges SET consumed_by = ?1, consumed_at = coalesce(consumed_at, ?2), uses = uses + 1
      WHERE id = ?3 AND ${ways[way]} AND (consumed_by IS NULL AND expires_at > ?2 OR consumed_by = ?1 AND consumed_at > ?4)
      RETURNING *`,
    [spkiHash, now, id, retriesSince],
  );
  return row;
}

/** How many unused challenges name nobody; counts up to `most`. */
export async function countOpenChallenges(db: Db, now: number, most: number): Promise<number> {
  const row = await read(() =>
    db.$client
      .prepare(
        `SELECT count(*) AS waiting FROM (SELECT 1 FROM challenges INDEXED BY challenges_open
          WHERE issued_for = '{}' AND consumed_by IS NULL AND expires_at > ?1 LIMIT ?2)`,
      )
      .bind(now, most)
      .first<{ waiting: number }>(),
  );
  return row?.waiting ?? 0;
}
