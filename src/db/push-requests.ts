import { desc, eq, ne } from "drizzle-orm";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { pushRequests, pushVendors } from "./schema/push-requests.ts";

export type PushRequestRow = typeof pushRequests.$inferSelect;
export type PushVendorRow = typeof pushVendors.$inferSelect;

/** A few a year, deleted once answered: no cursor. Newest first. */
export const listPushRequests = (db: Db): Promise<PushRequestRow[]> =>
  read(() => db.select().from(pushRequests).orderBy(desc(pushRequests.createdAt), pushRequests.id).all());

export const findPushRequest = (db: Db, id: string): Promise<PushRequestRow | undefined> =>
  read(() => db.select().from(pushRequests).where(eq(pushRequests.id, id)).get());

export async function insertPushRequest(db: Db, row: PushRequestRow): Promise<void> {
  await db.insert(pushRequests).values(row);
}

/** False: there was none. */
export async function deletePushRequest(db: Db, id: string): Promise<boolean> {
  const gone = await db
    .delete(pushRequests)
    .where(eq(pushRequests.id, id))
    .returning({ id: pushRequests.id });
  return gone.length > 0;
}

export async function setExchange(
  db: Db,
  id: string,
  exchange: { exchangeCertificate: string; exchangeKeySealed: string },
): Promise<void> {
  await db.update(pushRequests).set(exchange).where(eq(pushRequests.id, id));
}

export const findPushVendor = (db: Db): Promise<PushVendorRow | undefined> =>
  read(() => db.select().from(pushVendors).orderBy(desc(pushVendors.createdAt)).limit(1).get());

/** Replaces the earlier one. */
export async function putPushVendor(db: Db, row: PushVendorRow): Promise<void> {
  await db.batch([
    db.delete(pushVendors).where(ne(pushVendors.id, row.id)),
    db.insert(pushVendors).values(row).onConflictDoUpdate({ target: pushVendors.id, set: row }),
  ]);
}

/** False: there was none. */
export async function deletePushVendor(db: Db): Promise<boolean> {
  const gone = await db.delete(pushVendors).returning({ id: pushVendors.id });
  return gone.length > 0;
}
