import { and, asc, eq, isNotNull, lte, type SQL, sql } from "drizzle-orm";
import type { ContentUser, NewContentUser } from "../apps-and-books/user.ts";
import { chunks } from "./batch.ts";
import type { Statement } from "./directory.ts";
import { keyAfter } from "./keyset.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import type { AdeTrouble } from "./schema/ade.ts";
import { contentUsers } from "./schema/licences.ts";

export type ContentUserRow = typeof contentUsers.$inferSelect;

const rowsAStatement = 500;

/** As Apple tells them. What this server wants of one, and Apple has not done yet, stays. */
export const saveUsers = (
  db: Db,
  location: string,
  users: readonly ContentUser[],
  now: number,
): Statement[] =>
  chunks(users, rowsAStatement).map((some) => {
    const json = JSON.stringify(
      some.map(({ clientUserId, email, managedAppleId, status }) => [
        clientUserId,
        email ?? null,
        managedAppleId ?? null,
        status,
      ]),
    );
    return db
      .insert(contentUsers)
      .select(
        sql`SELECT ${location}, value->>0, value->>1, value->>2, value->>3, ${now}, NULL, NULL, 0, NULL, NULL
          FROM json_each(${json}) WHERE true`,
      )
      .onConflictDoUpdate({
        target: [contentUsers.location, contentUsers.clientUserId],
        set: {
          email: sql`CASE WHEN content_users.intent IS NULL THEN excluded.email ELSE content_users.email END`,
          managedAppleId: sql`CASE WHEN content_users.intent IS NULL THEN excluded.managed_apple_id ELSE content_users.managed_apple_id END`,
          status: sql`excluded.status`,
          seenAt: sql`excluded.seen_at`,
        },
      });
  });

export const dropUsersUnseen = (db: Db, location: string, before: number): Statement =>
  db
    .delete(contentUsers)
    .where(
      sql`${contentUsers.location} = ${location} AND ${contentUsers.intent} IS NULL AND ${contentUsers.seenAt} < ${before}`,
    );

/** A user is made or changed: Apple is told next. */
export const putUser = (
  db: Db,
  location: string,
  { clientUserId, email = "", managedAppleId = "" }: NewContentUser,
  now: number,
): Statement =>
  db
    .insert(contentUsers)
    .values({
      location,
      clientUserId,
      email: email || null,
      managedAppleId: managedAppleId || null,
      status: null,
      seenAt: null,
      intent: "create",
      orderId: null,
      trouble: null,
      dueAt: now,
    })
    .onConflictDoUpdate({
      target: [contentUsers.location, contentUsers.clientUserId],
      set: {
        email: sql`excluded.email`,
        managedAppleId: sql`excluded.managed_apple_id`,
        intent: sql`CASE WHEN content_users.status IN ('Registered', 'Associated') THEN 'update' ELSE 'create' END`,
        tries: 0,
        trouble: null,
        orderId: null,
        dueAt: now,
      },
    });

export const retireUser = (db: Db, location: string, clientUserId: string, now: number): Statement =>
  db
    .update(contentUsers)
    .set({ intent: "retire", tries: 0, trouble: null, orderId: null, dueAt: now })
    .where(isUser(location, clientUserId));

const isUser = (location: string, clientUserId: string): SQL =>
  sql`${contentUsers.location} = ${location} AND ${contentUsers.clientUserId} = ${clientUserId}`;

export const findUser = (
  db: Db,
  location: string,
  clientUserId: string,
): Promise<ContentUserRow | undefined> =>
  read(() => db.select().from(contentUsers).where(isUser(location, clientUserId)).get());

export const usersDue = (db: Db, location: string, now: number, limit: number): Promise<ContentUserRow[]> =>
  read(() =>
    db
      .select()
      .from(contentUsers)
      .where(and(eq(contentUsers.location, location), lte(contentUsers.dueAt, now)))
      .orderBy(asc(contentUsers.dueAt), asc(contentUsers.clientUserId))
      .limit(limit)
      .all(),
  );

export async function nextUserAt(db: Db, location: string): Promise<number | undefined> {
  const row = await read(() =>
    db
      .select({ at: contentUsers.dueAt })
      .from(contentUsers)
      .where(and(eq(contentUsers.location, location), isNotNull(contentUsers.dueAt)))
      .orderBy(asc(contentUsers.dueAt))
      .limit(1)
      .get(),
  );
  return row?.at ?? undefined;
}

const areThese = (location: string, ids: readonly string[]): SQL =>
  sql`${contentUsers.location} = ${location} AND ${contentUsers.clientUserId} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`;

export const putUsersIntoOrder = (
  db: Db,
  location: string,
  ids: readonly string[],
  orderId: string,
): Statement =>
  db
    .update(contentUsers)
    .set({ orderId, dueAt: null, tries: sql`${contentUsers.tries} + 1` })
    .where(areThese(location, ids));

export const usersOfOrder = (db: Db, orderId: string): Promise<ContentUserRow[]> =>
  read(() => db.select().from(contentUsers).where(eq(contentUsers.orderId, orderId)).all());

/** Apple has done it; what it says of them is read next. */
export const userOrderDone = (db: Db, orderId: string): Statement =>
  db
    .update(contentUsers)
    .set({
      status: sql`CASE ${contentUsers.intent} WHEN 'retire' THEN 'Retired' ELSE coalesce(${contentUsers.status}, 'Registered') END`,
      intent: null,
      orderId: null,
      tries: 0,
      trouble: null,
      dueAt: null,
    })
    .where(eq(contentUsers.orderId, orderId));

export const userOrderFailed = (
  db: Db,
  location: string,
  ids: readonly string[],
  trouble: AdeTrouble,
  dueAt: number | null,
): Statement => db.update(contentUsers).set({ orderId: null, trouble, dueAt }).where(areThese(location, ids));

export const listUsers = (
  db: Db,
  location: string,
  limit: number,
  after: string | undefined,
): Promise<ContentUserRow[]> =>
  read(() =>
    db
      .select()
      .from(contentUsers)
      .where(
        and(
          eq(contentUsers.location, location),
          keyAfter([contentUsers.clientUserId], after === undefined ? undefined : [after]),
        ),
      )
      .orderBy(asc(contentUsers.clientUserId))
      .limit(limit)
      .all(),
  );
