import { and, eq, ne, or, type SQL } from "drizzle-orm";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { devices } from "./schema/devices.ts";
import { serialClaims } from "./schema/serial-claims.ts";

export type ClaimRow = typeof serialClaims.$inferSelect;

/** More than one only if conflicts are flagged; the device with the claim is always asked. */
const mostAsked = 5;

/** The claim of a serial number, and the other enrolled devices in the directory that have it. */
export async function readSerial(db: Db, serial: string, exceptId: string) {
  const [[claim], listed] = await read(() =>
    db.batch([
      db.select().from(serialClaims).where(eq(serialClaims.serial, serial)),
      db
        .select({ id: devices.id })
        .from(devices)
        .where(and(eq(devices.serial, serial), eq(devices.state, "enrolled"), ne(devices.id, exceptId)))
        .limit(mostAsked),
    ]),
  );
  return { claim, enrolled: listed.map(({ id }) => id) };
}

/** Replaces this device's own claim or exactly the given one; false: another device was first. */
export async function claimSerial(
  db: Db,
  row: ClaimRow,
  inPlaceOf: Pick<ClaimRow, "deviceId" | "claimedAt"> | undefined,
): Promise<boolean> {
  const { deviceId, claimedAt } = serialClaims;
  const isThat = inPlaceOf && and(eq(deviceId, inPlaceOf.deviceId), eq(claimedAt, inPlaceOf.claimedAt));
  const claimed = await db
    .insert(serialClaims)
    .values(row)
    .onConflictDoUpdate({
      target: serialClaims.serial,
      set: { deviceId: row.deviceId, claimedAt: row.claimedAt },
      setWhere: or(eq(deviceId, row.deviceId), isThat) as SQL,
    })
    .returning({ serial: serialClaims.serial });
  return claimed.length > 0;
}
