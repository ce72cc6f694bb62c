import { and, desc, eq, inArray, or } from "drizzle-orm";
import { applyTogether } from "./directory.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { escrowArchive } from "./schema/escrow.ts";

export type ArchivedEscrow = typeof escrowArchive.$inferSelect;

/** Safe to repeat: an existing row stays. */
export const archive = (db: Db, rows: readonly ArchivedEscrow[]): Promise<void> =>
  applyTogether(
    db,
    rows.map((row) => db.insert(escrowArchive).values(row).onConflictDoNothing()),
  );

type Place = Pick<ArchivedEscrow, "deviceId" | "storedAt" | "number">;

const isThat = ({ deviceId, storedAt, number }: Place) =>
  and(
    eq(escrowArchive.deviceId, deviceId),
    eq(escrowArchive.storedAt, storedAt),
    eq(escrowArchive.number, number),
  );

/** It is in force. */
export async function confirmArchived(db: Db, place: Place): Promise<void> {
  await db.update(escrowArchive).set({ confirmed: true }).where(isThat(place));
}

export async function dropArchived(db: Db, place: Place): Promise<void> {
  await db.delete(escrowArchive).where(isThat(place));
}

/** Archived values of devices with this id or one of these serial numbers, newest first. */
export const archivedFor = (
  db: Db,
  deviceId: string,
  serials: readonly string[],
): Promise<ArchivedEscrow[]> =>
  read(() =>
    db
      .select()
      .from(escrowArchive)
      .where(or(eq(escrowArchive.deviceId, deviceId), inArray(escrowArchive.serial, [...serials])))
      .orderBy(desc(escrowArchive.storedAt), desc(escrowArchive.number))
      .all(),
  );
