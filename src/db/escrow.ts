import { eq, or } from "drizzle-orm";
import { applyTogether } from "./directory.ts";
import type { Db } from "./open.ts";
import { escrowArchive } from "./schema/escrow.ts";

export type ArchivedEscrow = typeof escrowArchive.$inferSelect;

/** Safe to repeat: a row that is there already stays. */
export const archive = (db: Db, rows: readonly ArchivedEscrow[]): Promise<void> =>
  applyTogether(
    db,
    rows.map((row) => db.insert(escrowArchive).values(row).onConflictDoNothing()),
  );

export const archivedFor = (db: Db, serialOrDeviceId: string): Promise<ArchivedEscrow[]> =>
  db
    .select()
    .from(escrowArchive)
    .where(or(eq(escrowArchive.serial, serialOrDeviceId), eq(escrowArchive.deviceId, serialOrDeviceId)));
