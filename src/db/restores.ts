import { eq } from "drizzle-orm";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { restores } from "./schema/restores.ts";

export type RestoreRow = typeof restores.$inferSelect;

export async function findRestore(db: Db, backup: string): Promise<RestoreRow | undefined> {
  const [row] = await read(() => db.select().from(restores).where(eq(restores.backup, backup)));
  return row;
}

export async function putRestore(db: Db, row: RestoreRow): Promise<void> {
  await db.insert(restores).values(row).onConflictDoUpdate({ target: restores.backup, set: row });
}
