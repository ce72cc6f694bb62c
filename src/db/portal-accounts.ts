import { asc, count, eq, inArray } from "drizzle-orm";
import type { Statement } from "./directory.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { portalAccounts, portalActivities, portalActivityDevices } from "./schema/portal.ts";

export type PortalAccountRow = typeof portalAccounts.$inferSelect;
export type PortalAccountColumns = Partial<Omit<PortalAccountRow, "name" | "createdAt" | "createdBy">>;

/** A few, made by hand and bounded in number: no cursor. */
export const listPortalAccounts = (db: Db): Promise<PortalAccountRow[]> =>
  read(() => db.select().from(portalAccounts).orderBy(asc(portalAccounts.name)).all());

export const findPortalAccount = (db: Db, name: string): Promise<PortalAccountRow | undefined> =>
  read(() => db.select().from(portalAccounts).where(eq(portalAccounts.name, name)).get());

export async function insertPortalAccount(
  db: Db,
  row: PortalAccountRow,
  most: number,
): Promise<"added" | "exists" | "too-many"> {
  const [{ n } = { n: 0 }] = await db.select({ n: count() }).from(portalAccounts);
  if (n >= most) return "too-many";
  const added = await db
    .insert(portalAccounts)
    .values(row)
    .onConflictDoNothing()
    .returning({ name: portalAccounts.name });
  return added.length > 0 ? "added" : "exists";
}

/** A statement: some changes go along with others. */
export const setPortalAccount = (db: Db, name: string, columns: PortalAccountColumns) =>
  db.update(portalAccounts).set(columns).where(eq(portalAccounts.name, name));

export async function changePortalAccount(
  db: Db,
  name: string,
  columns: PortalAccountColumns,
): Promise<PortalAccountRow | undefined> {
  const [row] = await setPortalAccount(db, name, columns).returning();
  return row;
}

/** With what was asked of Apple. What it said of the devices goes in pages. */
export const deletePortalAccount = (db: Db, name: string): Statement[] => {
  const activities = db
    .select({ id: portalActivities.id })
    .from(portalActivities)
    .where(eq(portalActivities.account, name));
  return [
    db.delete(portalAccounts).where(eq(portalAccounts.name, name)),
    db.delete(portalActivityDevices).where(inArray(portalActivityDevices.activity, activities)),
    db.delete(portalActivities).where(eq(portalActivities.account, name)),
  ];
};
