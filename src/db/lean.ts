import {
  type Column,
  type GetColumnData,
  getTableColumns,
  type InferInsertModel,
  type InferSelectModel,
  type SQL,
} from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { SQLiteAsyncDialect, type SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Db } from "./open.ts";

/**
 * Plain SQL for the few statements that a device's first request waits for: in a fresh isolate the statement builder
 * costs several milliseconds of compiling, more than the requested certificate. And for those that every command of a
 * device runs, because building them costs more than running them. Names and the encoding of values still come from the
 * tables.
 */
type Value = string | number | null;
type Found = Record<string, unknown>;

export async function leanRows<Table extends SQLiteTable>(
  db: Db,
  table: Table,
  statement: string,
  values: readonly Value[] = [],
): Promise<InferSelectModel<Table>[]> {
  const found = await leanFound(db, statement, values);
  return found.map(rowReader(getTableColumns(table))) as InferSelectModel<Table>[];
}

/** Rows of more than one table, as they are stored. */
export async function leanFound(db: Db, statement: string, values: readonly Value[]): Promise<Found[]> {
  const { results } = await db.$client
    .prepare(statement)
    .bind(...values)
    .all<Found>();
  return results;
}

/** Reads rows that have these columns. */
export function rowReader<Columns extends Record<string, Column>>(columns: Columns) {
  const named = Object.entries(columns);
  return (found: Found): { [Name in keyof Columns]: GetColumnData<Columns[Name]> } => {
    const row: Found = {};
    for (const [name, column] of named) row[name] = fromStored(column, found[column.name]);
    return row as ReturnType<ReturnType<typeof rowReader<Columns>>>;
  };
}

/** The added row; undefined if another row already exists. */
export async function leanInsert<Table extends SQLiteTable>(
  db: Db,
  table: Table,
  tableName: string,
  row: InferInsertModel<Table>,
): Promise<InferSelectModel<Table> | undefined> {
  const { statement, values } = insertion(table, tableName, row);
  return (await leanRows(db, table, `${statement} ON CONFLICT DO NOTHING RETURNING *`, values))[0];
}

/** A row that nobody asks back. */
export async function leanAdd<Table extends SQLiteTable>(
  db: Db,
  table: Table,
  tableName: string,
  row: InferInsertModel<Table>,
): Promise<void> {
  const { statement, values } = insertion(table, tableName, row);
  await db.$client
    .prepare(statement)
    .bind(...values)
    .run();
}

/** The same in a batch. */
export function leanAddition<Table extends SQLiteTable>(
  db: Db,
  table: Table,
  tableName: string,
  row: InferInsertModel<Table>,
): BatchItem<"sqlite"> {
  const { statement, values } = insertion(table, tableName, row);
  return leanStatement(db, statement, values);
}

/**
 * A statement in a batch of built ones. The builder's batch takes what prepares itself like its own queries.
 * `read`: what becomes of the rows.
 */
export function leanStatement<Read = void>(
  db: Db,
  statement: string,
  values: readonly Value[],
  read?: (rows: Found[]) => Read,
): BatchItem<"sqlite"> & { _: { result: Read } } {
  const prepared = {
    stmt: db.$client.prepare(statement),
    getQuery: () => ({ sql: statement, params: values }),
    mapResult: ({ results }: { results: Found[] }) => read?.(results),
  };
  return { _prepare: () => prepared } as unknown as BatchItem<"sqlite"> & { _: { result: Read } };
}

const dialect = new SQLiteAsyncDialect();

/** The same for a statement that is put together of pieces of SQL. */
export function builtStatement<Read>(
  db: Db,
  statement: SQL,
  read: (rows: Found[]) => Read,
): BatchItem<"sqlite"> & { _: { result: Read } } {
  const { sql, params } = dialect.sqlToQuery(statement);
  return leanStatement(db, sql, params as Value[], read);
}

function insertion<Table extends SQLiteTable>(
  table: Table,
  tableName: string,
  row: InferInsertModel<Table>,
): { statement: string; values: Value[] } {
  const given = columnsOf(table).filter(([name]) => name in row);
  const names = given.map(([, column]) => column.name);
  return {
    statement: `INSERT INTO ${tableName} (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`,
    values: given.map(([name, column]) => toStored(column, row[name as keyof typeof row])),
  };
}

const columnsOf = (table: SQLiteTable): [string, Column][] => Object.entries(getTableColumns(table));

const fromStored = (column: Column, value: unknown): unknown =>
  value === null || value === undefined ? null : column.mapFromDriverValue(value);

const toStored = (column: Column, value: unknown): Value =>
  value === null || value === undefined ? null : (column.mapToDriverValue(value) as Value);
