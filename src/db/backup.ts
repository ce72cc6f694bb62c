/**
 * Tables as rows of plain JSON with any columns, only for backup and restore. Names of tables and columns come from the
 * database's own catalogue, never from a file.
 */
export type PlainRow = Record<string, string | number | null>;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Our own tables; not SQLite's, Cloudflare's or wrangler's. */
export async function listTables(db: D1Database): Promise<string[]> {
  const { results } = await db
    .prepare(
      `SELECT name FROM sqlite_master WHERE type = 'table'
       AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '\\_cf\\_%' ESCAPE '\\' AND name <> 'd1_migrations' ORDER BY name`,
    )
    .all<{ name: string }>();
  return results.map(({ name }) => name);
}

export async function columnsOf(db: D1Database, table: string): Promise<string[]> {
  const { results } = await db.prepare(`PRAGMA table_info(${quoted(table)})`).all<{ name: string }>();
  return results.map(({ name }) => name);
}

/** The next rows in the order of writing; `last` is the cursor for the next call. */
export async function readPage(
  db: D1Database,
  table: string,
  after: number,
  limit: number,
): Promise<{ rows: PlainRow[]; last: number | undefined }> {
  // Not *: it also names what the database makes of other columns, and would not take back.
  const columns = (await columnsOf(db, table)).map(quoted).join(", ");
  const { results } = await db
    .prepare(
      `SELECT rowid AS "row number", ${columns} FROM ${quoted(table)} WHERE rowid > ? ORDER BY rowid LIMIT ?`,
    )
    .bind(after, limit)
    .all<PlainRow>();
  const last = results.at(-1)?.["row number"];
  return {
    rows: results.map(({ "row number": _, ...row }) => row),
    last: results.length === limit ? (last as number) : undefined,
  };
}

/** One statement and one parameter for any number of rows. Conflicting rows are replaced. */
export async function writeRows(
  db: D1Database,
  table: string,
  columns: readonly string[],
  rows: readonly PlainRow[],
): Promise<void> {
  const names = columns.map(quoted).join(", ");
  const values = columns.map((column) => `json_extract(value, '$."${column}"')`).join(", ");
  await db
    .prepare(`INSERT OR REPLACE INTO ${quoted(table)} (${names}) SELECT ${values} FROM json_each(?)`)
    .bind(JSON.stringify(rows))
    .run();
}

export async function hasRows(db: D1Database, table: string): Promise<boolean> {
  return (await db.prepare(`SELECT 1 FROM ${quoted(table)} LIMIT 1`).first()) !== null;
}
