import { and, eq, gt, inArray, lt, sql } from "drizzle-orm";
import type { Db } from "./open.ts";
import { isPerson } from "./person.ts";
import { read } from "./read.ts";
import { signInProvider, signInSessions } from "./schema/sign-in.ts";

export type ProviderRow = Omit<typeof signInProvider.$inferSelect, "id">;
export type SessionRow = typeof signInSessions.$inferSelect;

export const findProvider = (db: Db, id: string): Promise<ProviderRow | undefined> =>
  read(() => db.select().from(signInProvider).where(eq(signInProvider.id, id)).get());

export async function putProvider(db: Db, id: string, row: ProviderRow): Promise<void> {
  await db
    .insert(signInProvider)
    .values({ id, ...row })
    .onConflictDoUpdate({ target: signInProvider.id, set: row });
}

/**
 * One statement, so that no rule of somebody else's is lost. A rule that is there already is not added twice.
 * false: there is no such provider any more, or it has too many rules.
 */
export async function appendRule(
  db: Db,
  { id, clientId, issuer }: { id: string; clientId: string; issuer: string },
  rule: object,
  { now, most }: { now: number; most: number },
): Promise<boolean> {
  const { provider, updatedAt } = signInProvider;
  const text = JSON.stringify(rule);
  const isThere = sql`EXISTS (SELECT 1 FROM json_each(${provider}, '$.rules') WHERE json(value) = json(${text}))`;
  const rows = await db
    .update(signInProvider)
    .set({
      provider: sql`CASE WHEN ${isThere} THEN ${provider} ELSE json_insert(${provider}, '$.rules[#]', json(${text})) END`,
      updatedAt: sql`max(${updatedAt}, ${now})`,
    })
    .where(
      and(
        eq(signInProvider.id, id),
        eq(signInProvider.issuer, issuer),
        eq(signInProvider.clientId, clientId),
        sql`json_array_length(${provider}, '$.rules') < ${most}`,
      ),
    )
    .returning({ id: signInProvider.id });
  return rows.length > 0;
}

export async function deleteProvider(db: Db, id: string): Promise<boolean> {
  const gone = await db
    .delete(signInProvider)
    .where(eq(signInProvider.id, id))
    .returning({ id: signInProvider.id });
  return gone.length > 0;
}

/** Also clears away a few that have ended. */
export async function insertSession(db: Db, row: SessionRow, now: number): Promise<void> {
  const ended = db
    .select({ id: signInSessions.id })
    .from(signInSessions)
    .where(lt(signInSessions.expiresAt, now))
    .limit(20);
  await db.batch([
    db.insert(signInSessions).values(row),
    db.delete(signInSessions).where(inArray(signInSessions.id, ended)),
  ]);
}

export const findSession = (db: Db, hash: string, now: number): Promise<SessionRow | undefined> =>
  read(() =>
    db
      .select()
      .from(signInSessions)
      .where(and(eq(signInSessions.id, hash), gt(signInSessions.expiresAt, now)))
      .get(),
  );

/** undefined: there was none. */
export const deleteSession = (db: Db, hash: string): Promise<SessionRow | undefined> =>
  db.delete(signInSessions).where(eq(signInSessions.id, hash)).returning().get();

/** People signed in by a provider that is no longer asked are signed out. */
export async function deleteAllSessions(db: Db): Promise<void> {
  await db.delete(signInSessions);
}

export async function deleteSessionsOf(db: Db, who: { issuer: string; subject: string }): Promise<void> {
  await db.delete(signInSessions).where(isPerson(signInSessions.person, who));
}
