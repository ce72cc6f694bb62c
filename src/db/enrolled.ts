import { leanRows } from "./lean.ts";
import type { Db } from "./open.ts";
import { devices } from "./schema/devices.ts";

/** Whether the device is enrolled, and not again since. */
export async function isEnrolledIn(db: Db, id: string, generation: number): Promise<boolean> {
  const rows = await leanRows(
    db,
    devices,
    "SELECT * FROM devices WHERE id = ?1 AND generation = ?2 AND state = 'enrolled'",
    [id, generation],
  );
  return rows.length > 0;
}
