import { and, desc, eq, inArray, isNull, lt, ne, or } from "drizzle-orm";
import { keyBefore } from "./keyset.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { recentToken, writingTokens } from "./recent-tokens.ts";
import { apiTokens } from "./schema/tokens.ts";

export type TokenRow = typeof apiTokens.$inferSelect;

export async function insertToken(db: Db, row: TokenRow): Promise<void> {
  await writingTokens(db.insert(apiTokens).values(row));
}

export const findToken = (db: Db, id: string): Promise<TokenRow | undefined> =>
  read(() => db.select().from(apiTokens).where(eq(apiTokens.id, id)).get());

/** As this isolate read it a moment ago, unless `askNow` wants it as it is. */
export const findTokenByHash = (
  db: Db,
  hash: string,
  now: number,
  askNow: boolean,
): Promise<TokenRow | undefined> =>
  recentToken(hash, now, askNow, () =>
    read(() =>
      db
        .select()
        .from(apiTokens)
        .where(or(eq(apiTokens.hash, hash), eq(apiTokens.previousHash, hash)))
        .get(),
    ),
  );

/** Newest first, after `after`. */
export const listTokens = (db: Db, limit: number, after?: readonly [number, string]): Promise<TokenRow[]> =>
  read(() =>
    db
      .select()
      .from(apiTokens)
      .where(keyBefore([apiTokens.createdAt, apiTokens.id], after))
      .orderBy(desc(apiTokens.createdAt), desc(apiTokens.id))
      .limit(limit),
  );

export type TokenChanges = Partial<Pick<TokenRow, "name" | "role" | "rights" | "expiresAt">>;

/** Undefined: there is none, or it was revoked. */
export const changeToken = (db: Db, id: string, changes: TokenChanges): Promise<TokenRow | undefined> =>
  writingTokens(
    db
      .update(apiTokens)
      .set(changes)
      .where(and(eq(apiTokens.id, id), isNull(apiTokens.revokedAt)))
      .returning()
      .get(),
  );

/** False: it was rotated or revoked in the meantime. */
export async function replaceHash(
  db: Db,
  { id, hash }: TokenRow,
  changes: Pick<TokenRow, "prefix" | "hash" | "previousHash" | "previousUntil">,
): Promise<boolean> {
  const rows = await writingTokens(
    db
      .update(apiTokens)
      .set(changes)
      .where(and(eq(apiTokens.id, id), eq(apiTokens.hash, hash), isNull(apiTokens.revokedAt)))
      .returning({ id: apiTokens.id }),
  );
  return rows.length > 0;
}

/** The time of the first revocation stays. */
export async function revokeToken(db: Db, id: string, now: number): Promise<void> {
  await writingTokens(
    db
      .update(apiTokens)
      .set({ revokedAt: now })
      .where(and(eq(apiTokens.id, id), isNull(apiTokens.revokedAt))),
  );
}

/** All that came from sign-ins, or from those of one origin, or from exchanges by this rule. */
export async function revokeTokensOf(
  db: Db,
  { kind, origin }: { kind: "sign-in"; origin?: string } | { kind: "exchange"; origin: string },
  now: number,
): Promise<void> {
  await writingTokens(
    db
      .update(apiTokens)
      .set({ revokedAt: now })
      .where(
        and(
          eq(apiTokens.kind, kind),
          origin === undefined ? undefined : eq(apiTokens.origin, origin),
          isNull(apiTokens.revokedAt),
        ),
      ),
  );
}

/** Those of sign-ins and exchanges: the audit log has the names of their owners. */
export async function pruneShortTokens(db: Db, before: number, limit: number): Promise<number> {
  const { id, kind, expiresAt } = apiTokens;
  const old = db
    .select({ id })
    .from(apiTokens)
    .where(and(ne(kind, "token"), lt(expiresAt, before)))
    .limit(limit);
  return (await writingTokens(db.delete(apiTokens).where(inArray(id, old)))).meta.changes;
}

/** Writes a last use, unless one since `staleBefore` is stored; concurrent requests write only one row. */
export async function touchToken(db: Db, id: string, now: number, staleBefore: number): Promise<void> {
  await writingTokens(
    db
      .update(apiTokens)
      .set({ lastUsedAt: now })
      .where(
        and(eq(apiTokens.id, id), or(isNull(apiTokens.lastUsedAt), lt(apiTokens.lastUsedAt, staleBefore))),
      ),
  );
}
