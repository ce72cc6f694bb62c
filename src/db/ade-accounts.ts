import { and, asc, count, eq, ne, sql } from "drizzle-orm";
import { leanRows } from "./lean.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { type AdeRule, adeAccounts, adeProfileDefinitions } from "./schema/ade.ts";

export type AdeAccountRow = typeof adeAccounts.$inferSelect;
export type AdeAccountColumns = Partial<Omit<AdeAccountRow, "name" | "createdAt" | "createdBy">>;

/** A few, made by hand and bounded in number: no cursor. */
export const listAccounts = (db: Db): Promise<AdeAccountRow[]> =>
  read(() => db.select().from(adeAccounts).orderBy(asc(adeAccounts.name)).all());

export const findAccount = (db: Db, name: string): Promise<AdeAccountRow | undefined> =>
  read(() => db.select().from(adeAccounts).where(eq(adeAccounts.name, name)).get());

/** Those that Apple can be asked with. */
export const listAccountsWithToken = (db: Db): Promise<AdeAccountRow[]> =>
  read(() =>
    leanRows(db, adeAccounts, "SELECT * FROM ade_accounts WHERE sealed_token IS NOT NULL ORDER BY name"),
  );

/** The account of a portal's server, other than this one. */
export const otherAccountOf = (
  db: Db,
  serverUuid: string,
  name: string,
): Promise<{ name: string } | undefined> =>
  read(() =>
    db
      .select({ name: adeAccounts.name })
      .from(adeAccounts)
      .where(and(eq(adeAccounts.serverUuid, serverUuid), ne(adeAccounts.name, name)))
      .get(),
  );

export type InsertOutcome = "added" | "exists" | "too-many";

export async function insertAccount(db: Db, row: AdeAccountRow, most: number): Promise<InsertOutcome> {
  const [{ n } = { n: 0 }] = await db.select({ n: count() }).from(adeAccounts);
  if (n >= most) return "too-many";
  const added = await db
    .insert(adeAccounts)
    .values(row)
    .onConflictDoNothing()
    .returning({ name: adeAccounts.name });
  return added.length > 0 ? "added" : "exists";
}

/** A statement: some changes go along with others. */
export const setAccount = (db: Db, name: string, columns: AdeAccountColumns) =>
  db.update(adeAccounts).set(columns).where(eq(adeAccounts.name, name));

export async function changeAccount(
  db: Db,
  name: string,
  columns: AdeAccountColumns,
): Promise<AdeAccountRow | undefined> {
  const [row] = await setAccount(db, name, columns).returning();
  return row;
}

/** What every device should have is looked up again, in each account. */
export const countRulesUp = (db: Db) =>
  db.update(adeAccounts).set({ rulesVersion: sql`${adeAccounts.rulesVersion} + 1` });

/** The same where rules name order numbers, which the portal tells by itself. */
export const countOrderRulesUp = (db: Db) =>
  countRulesUp(db).where(sql`EXISTS (
    SELECT 1 FROM json_each(${adeAccounts.rules}) WHERE json_type(value, '$.order_numbers') IS NOT NULL)`);

/** The token is for another server now: what Apple called our profiles there means nothing here. */
export const forgetDefinitions = (db: Db, account: string) =>
  db.delete(adeProfileDefinitions).where(eq(adeProfileDefinitions.account, account));

export async function deleteAccount(db: Db, name: string): Promise<void> {
  await db.batch([
    db.delete(adeAccounts).where(eq(adeAccounts.name, name)),
    db.delete(adeProfileDefinitions).where(eq(adeProfileDefinitions.account, name)),
  ]);
}

export async function putRules(
  db: Db,
  name: string,
  rules: AdeRule[],
  defaultProfile: string | null,
  now: number,
): Promise<AdeAccountRow | undefined> {
  const rulesVersion = sql`${adeAccounts.rulesVersion} + 1`;
  const [row] = await db
    .update(adeAccounts)
    .set({ rules, defaultProfile, rulesVersion, updatedAt: now })
    .where(eq(adeAccounts.name, name))
    .returning();
  return row;
}
