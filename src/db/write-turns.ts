import { and, eq, sql } from "drizzle-orm";
import type { Db } from "./open.ts";
import { writeTurns } from "./schema/managed-things.ts";

/** True for exactly one of several concurrent requests. A turn taken before `abandonedBefore` was left behind. */
export async function takeTurn(
  db: Db,
  row: { path: string; holder: string; takenAt: number },
  abandonedBefore: number,
): Promise<boolean> {
  const { holder, takenAt } = row;
  const taken = await db
    .insert(writeTurns)
    .values(row)
    .onConflictDoUpdate({
      target: writeTurns.path,
      set: { holder, takenAt },
      setWhere: sql`${writeTurns.takenAt} < ${abandonedBefore}`,
    })
    .returning({ path: writeTurns.path });
  return taken.length > 0;
}

export async function endTurn(db: Db, path: string, holder: string): Promise<void> {
  await db.delete(writeTurns).where(and(eq(writeTurns.path, path), eq(writeTurns.holder, holder)));
}
