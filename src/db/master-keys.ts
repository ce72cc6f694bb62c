import { isNotNull, ne, sql } from "drizzle-orm";
import { leanRows } from "./lean.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { authorities } from "./schema/authorities.ts";
import { masterKeys } from "./schema/master-keys.ts";

export type MasterKeyRow = typeof masterKeys.$inferSelect;

/** Usually one, and two while the master key is changed. */
export const listMasterKeys = (db: Db): Promise<MasterKeyRow[]> =>
  read(() => leanRows(db, masterKeys, "SELECT * FROM master_keys ORDER BY since"));

/** Only if no other key than the held ones is recorded: of two deployments that start at once, one must fail. */
export async function noteMasterKey(db: Db, row: MasterKeyRow, held: readonly string[]): Promise<void> {
  const among = sql.join(
    held.map((id) => sql`${id}`),
    sql`, `,
  );
  await db.run(sql`
    insert into ${masterKeys} (key_id, marker, since)
    select ${row.keyId}, ${row.marker}, ${row.since}
    where not exists (select 1 from ${masterKeys} where key_id not in (${among}))
    on conflict do nothing`);
}

/** No value is sealed under another key. */
export async function keepMasterKey(db: Db, keyId: string): Promise<void> {
  await db.delete(masterKeys).where(ne(masterKeys.keyId, keyId));
}

/** The sealed keys of the authorities, which exist in every deployment that was ever used. */
export async function sealedAuthorityKeys(db: Db): Promise<string[]> {
  const rows = await read(() =>
    db
      .select({ sealed: authorities.sealedKey })
      .from(authorities)
      .where(isNotNull(authorities.sealedKey))
      .limit(20),
  );
  return rows.map(({ sealed }) => sealed ?? "");
}
