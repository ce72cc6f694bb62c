import { and, desc, eq, gt, isNull, lt, sql } from "drizzle-orm";
import { keyBefore } from "./keyset.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { invitations } from "./schema/invitations.ts";

export type InvitationRow = typeof invitations.$inferSelect;
export type NewInvitationRow = typeof invitations.$inferInsert;

export async function insertInvitation(db: Db, row: NewInvitationRow): Promise<InvitationRow> {
  return db.insert(invitations).values(row).returning().get();
}

export const findInvitation = (db: Db, id: string): Promise<InvitationRow | undefined> =>
  read(() => db.select().from(invitations).where(eq(invitations.id, id)).get());

export const findInvitationByHash = (db: Db, codeHash: string): Promise<InvitationRow | undefined> =>
  read(() => db.select().from(invitations).where(eq(invitations.codeHash, codeHash)).get());

/** Newest first, from the one after `after` on. */
export const listInvitations = (
  db: Db,
  limit: number,
  after?: readonly [number, string],
): Promise<InvitationRow[]> =>
  read(() =>
    db
      .select()
      .from(invitations)
      .where(keyBefore([invitations.createdAt, invitations.id], after))
      .orderBy(desc(invitations.createdAt), desc(invitations.id))
      .limit(limit),
  );

/** The time of the first revocation stays. */
export async function revokeInvitation(db: Db, id: string, now: number): Promise<void> {
  await db
    .update(invitations)
    .set({ revokedAt: now })
    .where(and(eq(invitations.id, id), isNull(invitations.revokedAt)));
}

/** One statement decides who gets the last use. undefined: none was left, or it has ended in the meantime. */
export async function useInvitation(db: Db, id: string, now: number): Promise<InvitationRow | undefined> {
  return db
    .update(invitations)
    .set({ uses: sql`${invitations.uses} + 1`, lastUsedAt: now, lastChallenge: null })
    .where(
      and(
        eq(invitations.id, id),
        lt(invitations.uses, invitations.maxUses),
        gt(invitations.expiresAt, now),
        isNull(invitations.revokedAt),
      ),
    )
    .returning()
    .get();
}

export async function keepLastChallenge(
  db: Db,
  id: string,
  lastChallenge: string,
  lastChallengeExpiresAt: number,
): Promise<void> {
  await db.update(invitations).set({ lastChallenge, lastChallengeExpiresAt }).where(eq(invitations.id, id));
}
