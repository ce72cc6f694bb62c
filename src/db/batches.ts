import { desc, eq, getTableColumns, sql } from "drizzle-orm";
import type { CommandRow } from "./commands.ts";
import { keyBefore } from "./keyset.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { batches } from "./schema/batches.ts";
import { commands } from "./schema/events.ts";

export type NewBatchRow = typeof batches.$inferSelect;
export type BatchRow = Omit<NewBatchRow, "payloadSealed">;
export type BatchPlace = readonly [createdAt: number, id: string];

/** False if more than `most` devices would be affected since `since`. One statement, because of concurrent requests. */
export async function insertBatch(
  db: Db,
  row: NewBatchRow,
  limit: { since: number; most: number },
): Promise<boolean> {
  const atStake = sql`(select coalesce(sum(destroys), 0) from ${batches}
    where created_at >= ${limit.since} and state <> 'cancelled')`;
  const added = await db.all(sql`
    insert into ${batches} (id, request_type, state, destroys, payload_sealed, created_by, created_at)
    select ${row.id}, ${row.requestType}, ${row.state}, ${row.destroys}, ${row.payloadSealed}, ${row.createdBy}, ${row.createdAt}
    where ${row.destroys} = 0 or ${atStake} + ${row.destroys} <= ${limit.most}
    returning id`);
  return added.length > 0;
}

/** After the end nobody needs the payload, and deleted data cannot leak. */
export async function setBatchState(db: Db, id: string, state: BatchRow["state"]): Promise<void> {
  const over = state === "done" || state === "cancelled";
  await db
    .update(batches)
    .set({ state, ...(over && { payloadSealed: null }) })
    .where(eq(batches.id, id));
}

export async function deleteBatch(db: Db, id: string): Promise<void> {
  await db.delete(batches).where(eq(batches.id, id));
}

export async function findPayload(db: Db, id: string): Promise<string | undefined> {
  const row = await read(() =>
    db.select({ sealed: batches.payloadSealed }).from(batches).where(eq(batches.id, id)).get(),
  );
  return row?.sealed ?? undefined;
}

const { payloadSealed: _, ...entryColumns } = getTableColumns(batches);

export const listBatches = (db: Db, limit: number, after: BatchPlace | undefined): Promise<BatchRow[]> =>
  read(() =>
    db
      .select(entryColumns)
      .from(batches)
      .where(keyBefore([batches.createdAt, batches.id], after))
      .orderBy(desc(batches.createdAt), desc(batches.id))
      .limit(limit),
  );

/** The number of commands with one UUID in each state. Reads them all, so a request must not call it for many. */
export async function countStates(
  db: Db,
  uuid: string,
): Promise<Partial<Record<CommandRow["state"], number>>> {
  const rows = await read(
    () =>
      db
        .select({ state: commands.state, count: sql<number>`count(*)` })
        .from(commands)
        .where(eq(commands.uuid, uuid))
        .groupBy(commands.state),
    30_000,
  );
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}
