import { type SQL, type SQLWrapper, sql } from "drizzle-orm";

/**
 * Where the next page of a list begins: behind the key of the last row of the page before. Both sides are row values, so
 * that SQLite walks the index of these columns, and rows may come and go meanwhile.
 * https://sqlite.org/rowvalue.html#scrolling_window_queries
 */
type Key = readonly (string | number)[];

/** Of a list in rising order. Without a key, the first page. */
export const keyAfter = (columns: readonly SQLWrapper[], key: Key | undefined): SQL | undefined =>
  key && sql`${rowOf(columns)} > ${rowOf(values(key))}`;

/** Of a list in falling order, newest first. */
export const keyBefore = (columns: readonly SQLWrapper[], key: Key | undefined): SQL | undefined =>
  key && sql`${rowOf(columns)} < ${rowOf(values(key))}`;

/** How far back a search of a falling list goes at most: to this key, which is still of it. */
export const keyFrom = (columns: readonly SQLWrapper[], key: Key | undefined): SQL | undefined =>
  key && sql`${rowOf(columns)} >= ${rowOf(values(key))}`;

const values = (key: Key): SQL[] => key.map((value) => sql`${value}`);

const rowOf = (parts: readonly SQLWrapper[]): SQL => sql`(${sql.join([...parts], sql`, `)})`;
