import { leanRows } from "./lean.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { enrollmentSettings } from "./schema/enrollment-settings.ts";

const onlyRow = 1;

/** JSON; undefined while nothing was ever set. */
export async function findEnrollmentSettings(db: Db): Promise<string | undefined> {
  const [row] = await read(() => leanRows(db, enrollmentSettings, "SELECT * FROM enrollment_settings"));
  return row?.value;
}

export async function saveEnrollmentSettings(db: Db, value: string, updatedAt: number): Promise<void> {
  await db
    .insert(enrollmentSettings)
    .values({ id: onlyRow, value, updatedAt })
    .onConflictDoUpdate({ target: enrollmentSettings.id, set: { value, updatedAt } });
}
