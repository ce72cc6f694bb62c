import { type SQL, sql } from "drizzle-orm";
import type { Db } from "./open.ts";
import { read } from "./read.ts";

/** Walks a sealed column of any table by key, to move values to another master key. All names are ours, never a caller's. */
export type SealedColumn = {
  table: string;
  column: string;
  key: readonly string[];
  /** More columns for its context. */
  facts?: readonly string[];
};

export type SealedRow = { [column: string]: string | number };
export type SealedKey = (string | number)[];

export const keyOf = ({ key }: SealedColumn, row: SealedRow): SealedKey => key.map((name) => row[name] ?? "");

/** In the order of the key, after `after`; the value has the name of its column. */
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

/** Only if it is still the value that was read. */
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
