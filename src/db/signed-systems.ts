import { desc, eq, inArray, sql } from "drizzle-orm";
import type { Platform } from "../mdm/platform.ts";
import { among, chunks } from "./batch.ts";
import type { Statement } from "./directory.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { devices } from "./schema/devices.ts";
import { signedSystemsReading as reading, signedSystems as systems } from "./schema/signed-systems.ts";
import { statusValues } from "./schema/states.ts";

export type SignedSystemRow = typeof systems.$inferSelect;
export type ReadingRow = typeof reading.$inferSelect;

/** Everything that was ever on the list: some hundred rows. */
export const listSignedSystems = (db: Db): Promise<SignedSystemRow[]> =>
  read(() => db.select().from(systems));

/** Newest first, of every list. */
export const systemsOf = (db: Db, platforms: readonly Platform[]): Promise<SignedSystemRow[]> =>
  read(() =>
    db
      .select()
      .from(systems)
      .where(inArray(systems.platform, [...platforms]))
      .orderBy(desc(systems.versionKey)),
  );

export const findReading = (db: Db): Promise<ReadingRow | undefined> =>
  read(() => db.select().from(reading).where(eq(reading.id, 1)).get());

const keyed = (db: Db, row: SignedSystemRow): Statement => {
  const { list, platform, version, build, firstSeenAt: _, ...rest } = row;
  return db
    .insert(systems)
    .values(row)
    .onConflictDoUpdate({
      target: [systems.list, systems.platform, systems.version, systems.build],
      set: rest,
    });
};

export const noteReading = (db: Db, row: Omit<ReadingRow, "id">): Statement =>
  db
    .insert(reading)
    .values({ id: 1, ...row })
    .onConflictDoUpdate({ target: reading.id, set: row });

/** The attempt is told; what was taken before stays, and so does since when the answers are short. */
export async function noteTrouble(db: Db, trouble: string, now: number): Promise<void> {
  await db
    .insert(reading)
    .values({ id: 1, triedAt: now, trouble, takenAt: null, shrunkSince: null })
    .onConflictDoUpdate({ target: reading.id, set: { triedAt: now, trouble } });
}

const together = 50;

/** Rows first, and that they are taken last: cut short before, it is done again. */
export async function saveSystems(
  db: Db,
  changed: readonly SignedSystemRow[],
  row: Omit<ReadingRow, "id">,
): Promise<void> {
  const statements = [...changed.map((one) => keyed(db, one)), noteReading(db, row)];
  for (const [first, ...rest] of chunks(statements, together)) {
    if (first !== undefined) await db.batch([first, ...rest]);
  }
}

/** By device: what Apple calls its model for updates, as the device or Apple's attestation says it. */
export type UpdateModelRow = {
  id: string;
  platform: Platform | null;
  osVersion: string | null;
  productName: string | null;
  told: string | null;
  attested: string | null;
};

export const updateModels = (db: Db, ids: readonly string[]): Promise<UpdateModelRow[]> =>
  read(() =>
    db.all<UpdateModelRow>(sql`
      SELECT device.id, device.platform, device.os_version AS osVersion, device.product_name AS productName,
        json_extract(device.attestation, '$.facts.softwareUpdateDeviceId') AS attested, told.value AS told
      FROM ${devices} AS device
      LEFT JOIN ${statusValues} AS told ON told.device_id = device.id AND told.user_id = ''
        AND told.path = 'softwareupdate.device-id'
      WHERE device.id IN ${among(ids)}`),
  );
