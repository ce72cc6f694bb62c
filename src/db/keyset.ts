import { type SQL, type SQLWrapper, sql } from "drizzle-orm";

/**
 * The next page of a list begins after the key of the last row of the previous page. Both sides are row values, so that
 * SQLite walks the index of these columns, and rows may be added and deleted in between.
 * https://sqlite.org/rowvalue.html#scrolling_window_queries
 */
type Key = readonly (string | number)[];

/** For a list in rising order. Without a key, the first page. */
export const keyAfter = (columns: readonly SQLWrapper[], key: Key | undefined): SQL | undefined =>
  key && sql`${rowOf(columns)} > ${rowOf(values(key))}`;

/** For a list in falling order, newest first. */
export const keyBefore = (columns: readonly SQLWrapper[], key: Key | undefined): SQL | undefined =>
  key && sql`${rowOf(columns)} < ${rowOf(values(key))}`;

/** The limit of a search in a falling list: this key, included. */
export const keyFrom = (columns: readonly SQLWrapper[], key: Key | undefined): SQL | undefined =>
  key && sql`${rowOf(columns)} >= ${rowOf(values(key))}`;

const values = (key: Key): SQL[] => key.map((value) => sql`${value}`);

const rowOf = (parts: readonly SQLWrapper[]): SQL => sql`(${sql.join([...parts], sql`, `)})`;
