import { eq, sql } from "drizzle-orm";
import { leanRows } from "./lean.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { authorities } from "./schema/authorities.ts";

export type AuthorityRow = typeof authorities.$inferSelect;
export type NewAuthorityRow = Omit<AuthorityRow, "issuing">;

/** A handful: no cursor. The issuing one first, then the oldest. */
export const listAuthorities = (db: Db, timeoutMs?: number): Promise<AuthorityRow[]> =>
  read(
    () => leanRows(db, authorities, "SELECT * FROM authorities ORDER BY issuing DESC, created_at, id"),
    timeoutMs,
  );

export const findAuthority = (db: Db, id: string): Promise<AuthorityRow | undefined> =>
  read(() => db.select().from(authorities).where(eq(authorities.id, id)).get());

export const findIssuing = (db: Db): Promise<AuthorityRow | undefined> =>
  read(() => db.select().from(authorities).where(eq(authorities.issuing, true)).get());

/**
 * Adds an authority. It becomes the issuing one if it has a key and none issues yet; one statement, so that only one of
 * several concurrent requests succeeds. With `onlyFirst` the others are not added. False: nothing was added.
 */
export async function insertAuthority(db: Db, row: NewAuthorityRow, onlyFirst: boolean): Promise<boolean> {
  const noneIssues = sql`not exists (select 1 from ${authorities} where issuing = 1)`;
  const added = await db.all(sql`
    insert into ${authorities}
      (id, fingerprint, certificate, chain, subject, not_before, not_after, sealed_key, issuing, created_at)
    select ${row.id}, ${row.fingerprint}, ${row.certificate}, ${JSON.stringify(row.chain)}, ${row.subject},
      ${row.notBefore}, ${row.notAfter}, ${row.sealedKey}, ${row.sealedKey !== null} and ${noneIssues}, ${row.createdAt}
    where ${onlyFirst ? noneIssues : sql`true`}
    on conflict do nothing
    returning id`);
  return added.length > 0;
}

/** Adds the key of a trusted authority that is imported again with its key. */
export async function keepKey(
  db: Db,
  id: string,
  sealedKey: string,
  chain: readonly string[],
): Promise<void> {
  await db
    .update(authorities)
    .set({ sealedKey, chain: [...chain] })
    .where(eq(authorities.id, id));
}

/** One batch: a reader sees either the old or the new issuing authority. */
export async function makeIssuing(db: Db, id: string): Promise<void> {
  await db.batch([
    db.update(authorities).set({ issuing: false }).where(eq(authorities.issuing, true)),
    db.update(authorities).set({ issuing: true }).where(eq(authorities.id, id)),
  ]);
}

export async function deleteAuthority(db: Db, id: string): Promise<void> {
  await db.delete(authorities).where(eq(authorities.id, id));
}
