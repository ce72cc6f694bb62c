import { asc, count, eq, inArray, lt } from "drizzle-orm";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { spentTokens, tokenExchangeRules } from "./schema/token-exchange.ts";

export type ExchangeRuleRow = typeof tokenExchangeRules.$inferSelect;

const mostRules = 100;

/** false: there are too many. */
export async function insertExchangeRule(db: Db, row: ExchangeRuleRow): Promise<boolean> {
  const [{ n } = { n: 0 }] = await db.select({ n: count() }).from(tokenExchangeRules);
  if (n >= mostRules) return false;
  await db.insert(tokenExchangeRules).values(row);
  return true;
}

export const findExchangeRule = (db: Db, id: string): Promise<ExchangeRuleRow | undefined> =>
  read(() => db.select().from(tokenExchangeRules).where(eq(tokenExchangeRules.id, id)).get());

/** All, oldest first: there are few. */
export const listExchangeRules = (db: Db): Promise<ExchangeRuleRow[]> =>
  read(() =>
    db.select().from(tokenExchangeRules).orderBy(asc(tokenExchangeRules.createdAt)).limit(mostRules),
  );

export const rulesOfIssuer = (db: Db, issuer: string): Promise<ExchangeRuleRow[]> =>
  read(() => db.select().from(tokenExchangeRules).where(eq(tokenExchangeRules.issuer, issuer)));

export const changeExchangeRule = (
  db: Db,
  { id, ...row }: Omit<ExchangeRuleRow, "createdAt" | "lastUsedAt">,
): Promise<ExchangeRuleRow | undefined> =>
  db.update(tokenExchangeRules).set(row).where(eq(tokenExchangeRules.id, id)).returning().get();

export async function deleteExchangeRule(db: Db, id: string): Promise<void> {
  await db.delete(tokenExchangeRules).where(eq(tokenExchangeRules.id, id));
}

export async function touchExchangeRule(db: Db, id: string, now: number): Promise<void> {
  await db.update(tokenExchangeRules).set({ lastUsedAt: now }).where(eq(tokenExchangeRules.id, id));
}

/** false: it was spent before. One statement, so that of two at the same moment one is refused. */
export async function spendToken(db: Db, id: string, expiresAt: number): Promise<boolean> {
  const rows = await db
    .insert(spentTokens)
    .values({ id, expiresAt })
    .onConflictDoNothing()
    .returning({ id: spentTokens.id });
  return rows.length > 0;
}

export const isSpent = async (db: Db, id: string): Promise<boolean> =>
  (await db.select({ id: spentTokens.id }).from(spentTokens).where(eq(spentTokens.id, id)).get()) !==
  undefined;

export async function pruneSpentTokens(db: Db, before: number, limit: number): Promise<number> {
  const { id, expiresAt } = spentTokens;
  const old = db.select({ id }).from(spentTokens).where(lt(expiresAt, before)).limit(limit);
  return (await db.delete(spentTokens).where(inArray(id, old))).meta.changes;
}
