import { and, asc, count, eq, sql } from "drizzle-orm";
import type { EventRow } from "./events.ts";
import { leanStatement } from "./lean.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { events } from "./schema/events.ts";
import { webhooks } from "./schema/webhooks.ts";

export type WebhookRow = typeof webhooks.$inferSelect;
export type WebhookColumns = Partial<Omit<WebhookRow, "id" | "createdAt" | "createdBy">>;

/** A few, limited in number: no cursor. */
export const listWebhooks = (db: Db): Promise<WebhookRow[]> =>
  read(() => db.select().from(webhooks).orderBy(asc(webhooks.createdAt), asc(webhooks.id)).all());

export const findWebhook = (db: Db, id: string): Promise<WebhookRow | undefined> =>
  read(() => db.select().from(webhooks).where(eq(webhooks.id, id)).get());

/** False: the limit is reached. */
export async function insertWebhook(db: Db, row: WebhookRow, most: number): Promise<boolean> {
  const [{ n } = { n: 0 }] = await db.select({ n: count() }).from(webhooks);
  if (n >= most) return false;
  await db.insert(webhooks).values(row);
  return true;
}

/** Undefined: there is none, or its sealed value has changed. */
export async function changeWebhook(
  db: Db,
  id: string,
  columns: WebhookColumns,
  whileSealed?: string,
): Promise<WebhookRow | undefined> {
  const [row] = await db
    .update(webhooks)
    .set(columns)
    .where(and(eq(webhooks.id, id), whileSealed === undefined ? undefined : eq(webhooks.sealed, whileSealed)))
    .returning();
  return row;
}

/** Pauses it; false if it was already paused. */
export async function pauseWebhook(db: Db, id: string, reason: string, now: number): Promise<boolean> {
  const paused = await db
    .update(webhooks)
    .set({ state: "paused", pausedReason: reason, updatedAt: now })
    .where(and(eq(webhooks.id, id), eq(webhooks.state, "active")))
    .returning({ id: webhooks.id });
  return paused.length > 0;
}

/** False: there was none. */
export async function deleteWebhook(db: Db, id: string): Promise<boolean> {
  const gone = await db.delete(webhooks).where(eq(webhooks.id, id)).returning({ id: webhooks.id });
  return gone.length > 0;
}

/** The webhooks that must be woken for new events. A statement, because it runs in the batch of the events. */
export const selectListeners = (db: Db, now: number) =>
  leanStatement(
    db,
    "SELECT id, topics FROM webhooks WHERE state = 'active' AND awake_until < ?1",
    [now],
    (rows) =>
      rows.map(({ id, topics }) => ({ id: String(id), topics: JSON.parse(String(topics)) as string[] })),
  );

/** The present settings of a target, and the events after its position, in one call. */
export async function nextFor(
  db: Db,
  id: string,
  after: number,
  limit: number,
): Promise<{ row: WebhookRow | undefined; events: EventRow[] }> {
  const [[row], found] = await read(() =>
    db.batch([
      db.select().from(webhooks).where(eq(webhooks.id, id)),
      db.select().from(events).where(sql`${events.id} > ${after}`).orderBy(asc(events.id)).limit(limit),
    ]),
  );
  return { row, events: found };
}
