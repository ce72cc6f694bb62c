import { and, count, eq, gt, isNull, ne, or, type SQL } from "drizzle-orm";
import { leanRows } from "./lean.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { channels } from "./schema/devices.ts";
import { pushCertificates } from "./schema/push-certificates.ts";

export type PushCertificateRow = typeof pushCertificates.$inferSelect;
export type NewPushCertificateRow = Omit<
  PushCertificateRow,
  "inUse" | "trouble" | "troubleAt" | "warnedDays"
>;

/** One a year: no cursor. Those in use first, then the newest. */
export const listPushCertificates = (db: Db): Promise<PushCertificateRow[]> =>
  read(() =>
    leanRows(
      db,
      pushCertificates,
      "SELECT * FROM push_certificates ORDER BY in_use DESC, created_at DESC, id",
    ),
  );

export const findPushCertificate = (db: Db, id: string): Promise<PushCertificateRow | undefined> =>
  read(() => db.select().from(pushCertificates).where(eq(pushCertificates.id, id)).get());

/** The certificate for pushes to a topic. */
export const findInUse = (db: Db, topic: string): Promise<PushCertificateRow | undefined> =>
  read(() =>
    db
      .select()
      .from(pushCertificates)
      .where(and(eq(pushCertificates.topic, topic), eq(pushCertificates.inUse, true)))
      .get(),
  );

/** False: it already exists. */
export async function insertPushCertificate(db: Db, row: NewPushCertificateRow): Promise<boolean> {
  const added = await db
    .insert(pushCertificates)
    .values(row)
    .onConflictDoNothing()
    .returning({ id: pushCertificates.id });
  return added.length > 0;
}

/** One batch: a reader sees either the earlier one or this one. It starts without recorded faults. */
export async function putInUse(db: Db, { id, topic }: { id: string; topic: string }): Promise<void> {
  const inUse = and(eq(pushCertificates.topic, topic), eq(pushCertificates.inUse, true));
  await db.batch([
    db.update(pushCertificates).set({ inUse: false }).where(inUse),
    db
      .update(pushCertificates)
      .set({ inUse: true, trouble: null, troubleAt: null })
      .where(eq(pushCertificates.id, id)),
  ]);
}

export async function setAccount(db: Db, id: string, account: string | null): Promise<void> {
  await db.update(pushCertificates).set({ account }).where(eq(pushCertificates.id, id));
}

export async function deletePushCertificate(db: Db, id: string): Promise<void> {
  await db.delete(pushCertificates).where(eq(pushCertificates.id, id));
}

/** True for the first call that reports it. */
export async function setTrouble(db: Db, id: string, trouble: string, now: number): Promise<boolean> {
  const told = await db
    .update(pushCertificates)
    .set({ trouble, troubleAt: now })
    .where(and(eq(pushCertificates.id, id), isNull(pushCertificates.trouble)))
    .returning({ id: pushCertificates.id });
  return told.length > 0;
}

export async function noteWarning(db: Db, id: string, days: number): Promise<void> {
  const { warnedDays } = pushCertificates;
  await db
    .update(pushCertificates)
    .set({ warnedDays: days })
    .where(and(eq(pushCertificates.id, id), or(isNull(warnedDays), gt(warnedDays, days))));
}

export async function clearTrouble(db: Db, id: string): Promise<void> {
  await db
    .update(pushCertificates)
    .set({ trouble: null, troubleAt: null })
    .where(eq(pushCertificates.id, id));
}

const listening = and(eq(channels.userId, ""), eq(channels.enabled, true));

/** How many enrolled devices listen to other topics and would get no pushes with this one. */
export const countOtherListeners = (db: Db, topic: string): Promise<number> =>
  countDevices(db, and(listening, ne(channels.topic, topic)));

export const countListeners = (db: Db, topic: string): Promise<number> =>
  countDevices(db, and(listening, eq(channels.topic, topic)));

async function countDevices(db: Db, where: SQL | undefined): Promise<number> {
  const row = await read(() => db.select({ count: count() }).from(channels).where(where).get());
  return row?.count ?? 0;
}
