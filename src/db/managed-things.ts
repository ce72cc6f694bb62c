import { and, eq, gt } from "drizzle-orm";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { managedThings } from "./schema/managed-things.ts";

export type ManagedThingRow = typeof managedThings.$inferSelect;

/** By address, after `after`. */
export const listManagedThings = (
  db: Db,
  managedBy: string | undefined,
  limit: number,
  after?: string,
): Promise<ManagedThingRow[]> =>
  read(() =>
    db
      .select()
      .from(managedThings)
      .where(
        and(
          managedBy === undefined ? undefined : eq(managedThings.managedBy, managedBy),
          after === undefined ? undefined : gt(managedThings.path, after),
        ),
      )
      .orderBy(managedThings.path)
      .limit(limit)
      .all(),
  );

export async function putManagedThing(db: Db, row: ManagedThingRow): Promise<void> {
  const { managedBy, createdAt } = row;
  await db
    .insert(managedThings)
    .values(row)
    .onConflictDoUpdate({ target: managedThings.path, set: { managedBy, createdAt } });
}

export async function deleteManagedThing(db: Db, path: string): Promise<void> {
  await db.delete(managedThings).where(eq(managedThings.path, path));
}
