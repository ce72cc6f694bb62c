import { and, count, desc, eq, gt, isNull } from "drizzle-orm";
import { keyBefore } from "./keyset.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { administratorInvitations as table } from "./schema/administrator-invitations.ts";

export type AdministratorInvitationRow = typeof table.$inferSelect;

const isOpen = (now: number) =>
  and(gt(table.expiresAt, now), isNull(table.acceptedAt), isNull(table.withdrawnAt));

export async function countOpenInvitations(db: Db, now: number): Promise<number> {
  const [row] = await read(() => db.select({ n: count() }).from(table).where(isOpen(now)));
  return row?.n ?? 0;
}

/** An earlier one of the same address ends, so that at most one link is good for it. */
export async function insertAdministratorInvitation(db: Db, row: AdministratorInvitationRow): Promise<void> {
  await db.batch([
    db
      .update(table)
      .set({ withdrawnAt: row.createdAt })
      .where(and(isOpen(row.createdAt), eq(table.email, row.email))),
    db.insert(table).values(row),
  ]);
}

export const findAdministratorInvitation = (
  db: Db,
  id: string,
): Promise<AdministratorInvitationRow | undefined> =>
  read(() => db.select().from(table).where(eq(table.id, id)).get());

/** Newest first, from the one after `after` on. */
export const listAdministratorInvitations = (
  db: Db,
  limit: number,
  after?: readonly [number, string],
): Promise<AdministratorInvitationRow[]> =>
  read(() =>
    db
      .select()
      .from(table)
      .where(keyBefore([table.createdAt, table.id], after))
      .orderBy(desc(table.createdAt), desc(table.id))
      .limit(limit),
  );

/** undefined: no open one has this code. */
export const findOpenInvitation = (
  db: Db,
  codeHash: string,
  now: number,
): Promise<AdministratorInvitationRow | undefined> =>
  read(() =>
    db
      .select()
      .from(table)
      .where(and(eq(table.codeHash, codeHash), isOpen(now)))
      .get(),
  );

/** One statement decides who accepts it. undefined: it was accepted, withdrawn or too old. */
export const acceptInvitation = (
  db: Db,
  id: string,
  now: number,
): Promise<AdministratorInvitationRow | undefined> =>
  db
    .update(table)
    .set({ acceptedAt: now })
    .where(and(eq(table.id, id), isOpen(now)))
    .returning()
    .get();

/** What it should give could not be given: it is open as before. */
export async function reopenInvitation(db: Db, id: string): Promise<void> {
  await db.update(table).set({ acceptedAt: null }).where(eq(table.id, id));
}

export async function noteGivenToken(db: Db, id: string, tokenId: string): Promise<void> {
  await db.update(table).set({ tokenId }).where(eq(table.id, id));
}

/** The time of the first withdrawal stays; what was accepted is not open to be withdrawn. */
export async function withdrawInvitation(db: Db, id: string, now: number): Promise<void> {
  await db
    .update(table)
    .set({ withdrawnAt: now })
    .where(and(eq(table.id, id), isNull(table.acceptedAt), isNull(table.withdrawnAt)));
}
