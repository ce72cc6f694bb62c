import { eq } from "drizzle-orm";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { selftests } from "./schema/selftest.ts";

type Row = typeof selftests.$inferSelect;

export const findSelftest = (db: Db): Promise<Row | undefined> =>
  read(() => db.select().from(selftests).where(eq(selftests.id, 1)).get());

export async function saveSelftest(db: Db, row: Omit<Row, "id">): Promise<void> {
  await db
    .insert(selftests)
    .values({ id: 1, ...row })
    .onConflictDoUpdate({ target: selftests.id, set: row });
}
