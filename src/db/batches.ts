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

/** False when more than `most` devices would be at stake within the time since `since`. One statement, for races. */
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

/** Once it is over nobody needs the payload, and what is not there cannot be told. */
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

/** How many commands of one UUID are in which state. Walks them all: not for a request when there are many. */
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
