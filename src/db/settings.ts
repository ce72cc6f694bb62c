import { sql } from "drizzle-orm";
import type { Statement } from "./directory.ts";
import { leanRows } from "./lean.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { settings } from "./schema/settings.ts";

export type SettingRow = typeof settings.$inferSelect;

export const listSettings = (db: Db): Promise<SettingRow[]> =>
  read(() => leanRows(db, settings, "SELECT * FROM settings"));

/** One of them, as it is stored: for a device's request, which must not load what checks them all. */
export async function findSetting(db: Db, name: string): Promise<string | undefined> {
  const rows = await read(() => leanRows(db, settings, "SELECT * FROM settings WHERE name = ?1", [name]));
  return rows[0]?.value;
}

/** Writes all of them and `also`, or nothing. */
export async function saveSettings(
  db: Db,
  rows: readonly SettingRow[],
  also: readonly Statement[],
): Promise<void> {
  const [first, ...rest] = rows.map((row) =>
    db
      .insert(settings)
      .values(row)
      .onConflictDoUpdate({
        target: settings.name,
        set: { value: sql`excluded.value`, updatedAt: sql`excluded.updated_at` },
      }),
  );
  if (first !== undefined) await db.batch([first, ...rest, ...also]);
}
