import type { Context } from "hono";
import { encodeCursor, type Key, type SortedPlace } from "./pages.ts";
import { invalid } from "./validate.ts";

/** Where a list comes from: its rows in its own order, behind a place; how one looks, and what its key is. */
export type ListSource<Row, Item, K extends Key> = {
  read: (limit: number, after: K | undefined) => Promise<readonly Row[] | Walked<Row>>;
  present: (row: Row) => Item | Promise<Item>;
  keyOf: (row: Row) => Key;
};

/** A search that ended before its rows did says where it stopped. */
type Walked<Row> = { rows: readonly Row[]; stoppedAt: Key | undefined };

type Asked<K> = {
  limit: number;
  cursor?: K | SortedPlace | undefined;
  count?: boolean;
  sort?: string | undefined;
};

/** So many rows are counted, or sorted, for one answer. */
export const mostLookedAt = 1_000;

/**
 * One page of a list, counted and sorted as the query says. A list that is longer than what is looked at is counted up to
 * there, and is not sorted: a wrong order would look like a right one.
 */
export async function listed<Row, Item, K extends Key>(
  c: Context,
  asked: Asked<K>,
  source: ListSource<Row, Item, K>,
  head: object = {},
): Promise<Response> {
  const { limit, cursor, count = false, sort } = asked;
  const place = cursor !== undefined && !isKey(cursor) ? cursor : undefined;
  if (cursor !== undefined && place?.sort !== sort)
    return invalid(c, [
      {
        pointer: "/cursor",
        code: "cursor",
        detail: "belongs to another order; start again without one",
        in: "query",
      },
    ]);
  const whole = count || sort !== undefined ? await walk(source, mostLookedAt + 1, undefined) : undefined;
  const counted = count && whole && { count: countOf(whole) };
  if (whole !== undefined && sort !== undefined) {
    if (!countOf(whole).complete) return tooMany(c);
    return c.json({ ...(await sorted(whole.rows, sort, limit, place, source)), ...head, ...counted });
  }
  const after = cursor !== undefined && isKey(cursor) ? cursor : undefined;
  const { rows, stoppedAt } = await walk(source, limit + 1, after);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const next = rows.length > limit && last !== undefined ? source.keyOf(last) : stoppedAt;
  return c.json({
    items: await Promise.all(shown.map(source.present)),
    next_cursor: next ? encodeCursor(next) : null,
    ...head,
    ...counted,
  });
}

async function walk<Row, Item, K extends Key>(
  { read }: ListSource<Row, Item, K>,
  limit: number,
  after: K | undefined,
): Promise<Walked<Row>> {
  const found = await read(limit, after);
  return "rows" in found ? found : { rows: found, stoppedAt: undefined };
}

const countOf = <Row>({ rows, stoppedAt }: Walked<Row>) => ({
  items: Math.min(rows.length, mostLookedAt),
  complete: rows.length <= mostLookedAt && stoppedAt === undefined,
});

async function sorted<Row, Item, K extends Key>(
  rows: readonly Row[],
  sort: string,
  limit: number,
  after: SortedPlace | undefined,
  { present, keyOf }: ListSource<Row, Item, K>,
): Promise<{ items: Item[]; next_cursor: string | null }> {
  const [field, falls] = sort.startsWith("-") ? [sort.slice(1), true] : [sort, false];
  const direction = falls ? -1 : 1;
  const all = await Promise.all(
    rows.map(async (row) => {
      const item = await present(row);
      return { item, place: { sort, value: sortValue(item, field), key: JSON.stringify(keyOf(row)) } };
    }),
  );
  const compare = (a: SortedPlace, b: SortedPlace) =>
    direction * (compareValues(a.value, b.value) || compareValues(a.key, b.key));
  const behind = all
    .filter(({ place }) => after === undefined || compare(place, after) > 0)
    .sort((a, b) => compare(a.place, b.place));
  const shown = behind.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(({ item }) => item),
    next_cursor: behind.length > limit && last ? encodeCursor(last.place) : null,
  };
}

function sortValue(item: unknown, field: string): SortedPlace["value"] {
  const value: unknown = (item as Record<string, unknown>)[field];
  if (typeof value === "string") return value.toLowerCase();
  return typeof value === "number" || typeof value === "boolean" ? Number(value) : null;
}

/** What is not there comes first. */
function compareValues(a: SortedPlace["value"], b: SortedPlace["value"]): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  return a < b ? -1 : 1;
}

const isKey = <K extends Key>(cursor: K | SortedPlace): cursor is K => Array.isArray(cursor);

const tooMany = (c: Context): Response =>
  invalid(c, [
    {
      pointer: "/sort",
      code: "too-many",
      detail: `the list has more than ${mostLookedAt} items; narrow it, or read it in its own order`,
      in: "query",
    },
  ]);
