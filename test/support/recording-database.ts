export type RecordedStatement = { sql: string; params: unknown[] };

/** The same D1, which notes each statement that is run on it. */
export function recordingDatabase(db: D1Database): { db: D1Database; statements: RecordedStatement[] } {
  const statements: RecordedStatement[] = [];
  const prepare = (sql: string) => ({
    bind: (...params: unknown[]) => {
      statements.push({ sql, params });
      return db.prepare(sql).bind(...params);
    },
  });
  const batch = (bound: D1PreparedStatement[]) => db.batch(bound);
  return { db: { prepare, batch } as unknown as D1Database, statements };
}

/** How SQLite means to run it, one line a step. */
export async function planOf(db: D1Database, { sql, params }: RecordedStatement): Promise<string[]> {
  const { results } = await db
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .bind(...params)
    .all<{ detail: string }>();
  return results.map(({ detail }) => detail);
}
