import { and, asc, eq, inArray, isNotNull, sql } from "drizzle-orm";
import type { Statement } from "./directory.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { contentNotifications } from "./schema/licences.ts";

/** Whether it is new: Apple repeats what it thinks was not heard. */
export async function keepNotification(
  db: Db,
  location: string,
  id: string,
  body: string,
  now: number,
): Promise<boolean> {
  const { meta } = await db
    .insert(contentNotifications)
    .values({ location, id, receivedAt: now, body })
    .onConflictDoNothing();
  return meta.changes > 0;
}

export const notificationsWaiting = (
  db: Db,
  location: string,
  limit: number,
): Promise<{ id: string; body: string }[]> =>
  read(() =>
    db
      .select({ id: contentNotifications.id, body: sql<string>`${contentNotifications.body}` })
      .from(contentNotifications)
      .where(and(eq(contentNotifications.location, location), isNotNull(contentNotifications.body)))
      .orderBy(asc(contentNotifications.receivedAt))
      .limit(limit)
      .all(),
  );

export const notificationsDone = (db: Db, location: string, ids: readonly string[]): Statement =>
  db
    .update(contentNotifications)
    .set({ body: null })
    .where(and(eq(contentNotifications.location, location), inArray(contentNotifications.id, [...ids])));

/** Apple repeats for minutes, not for days. */
export const dropOldNotifications = (db: Db, before: number, limit: number): Statement =>
  db
    .delete(contentNotifications)
    .where(
      sql`rowid IN (SELECT rowid FROM content_notifications WHERE received_at < ${before} AND body IS NULL ORDER BY received_at LIMIT ${limit})`,
    );
