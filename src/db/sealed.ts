import { type SQL, sql } from "drizzle-orm";
import type { Db } from "./open.ts";
import { read } from "./read.ts";

/** Any table's sealed column, walked by key: for moving values to another master key. Names are ours, never a caller's. */
export type SealedColumn = {
  table: string;
  column: string;
  key: readonly string[];
  /** Further columns that its context is made of. */
  facts?: readonly string[];
};

export type SealedRow = { [column: string]: string | number };
export type SealedKey = (string | number)[];

export const keyOf = ({ key }: SealedColumn, row: SealedRow): SealedKey => key.map((name) => row[name] ?? "");

/** In the order of the key, from the one after `after` on; the value is under its column's name. */
export function walkSealed(
  db: Db,
  place: SealedColumn,
  after: SealedKey | null,
  limit: number,
): Promise<SealedRow[]> {
  const { table, column, key, facts = [] } = place;
  const keys = names(key);
  return read(() =>
    db.all<SealedRow>(sql`
      select ${names([...key, ...facts, column])} from ${sql.identifier(table)}
      where ${sql.identifier(column)} is not null
        ${after === null ? sql`` : sql`and (${keys}) > (${values(after)})`}
      order by ${keys} limit ${limit}`),
  );
}

/** Only while it is what was read. */
export async function replaceSealed(
  db: Db,
  place: SealedColumn,
  row: SealedRow,
  sealed: string,
): Promise<void> {
  const { table, column, key } = place;
  await db.run(sql`
    update ${sql.identifier(table)} set ${sql.identifier(column)} = ${sealed}
    where (${names(key)}) = (${values(keyOf(place, row))}) and ${sql.identifier(column)} = ${row[column]}`);
}

const names = (columns: readonly string[]): SQL =>
  sql.join(
    columns.map((name) => sql.identifier(name)),
    sql`, `,
  );

const values = (key: SealedKey): SQL =>
  sql.join(
    key.map((value) => sql`${value}`),
    sql`, `,
  );
