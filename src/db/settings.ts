import { sql } from "drizzle-orm";
import type { Statement } from "./directory.ts";
import { leanRows } from "./lean.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { settings } from "./schema/settings.ts";

export type SettingRow = typeof settings.$inferSelect;

export const listSettings = (db: Db): Promise<SettingRow[]> =>
  read(() => leanRows(db, settings, "SELECT * FROM settings"));

/** Some of them. */
export const findSettings = (db: Db, names: readonly string[]): Promise<SettingRow[]> =>
  read(() =>
    leanRows(db, settings, "SELECT * FROM settings WHERE name IN (SELECT value FROM json_each(?1))", [
      JSON.stringify(names),
    ]),
  );

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
