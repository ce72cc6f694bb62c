import * as v from "valibot";
import { fromBase64, fromUtf8, toBase64Url, utf8 } from "../../../base/bytes.ts";
import { titleOf } from "./schemas.ts";

/**
 * Lists are read in pages: `?limit=&cursor=` answers `{items, next_cursor}`. A cursor is the key of the last item
 * in the answer, so a page stays correct while rows are added and deleted.
 */
export type Key = readonly (string | number)[];

/** In a list that was sorted by one of its fields, a cursor is the value of that field and the item's own key. */
export type SortedPlace = { sort: string; value: string | number | null; key: string };

const sortedPlace = v.strictObject({
  sort: v.string(),
  value: v.nullable(v.union([v.string(), v.number()])),
  key: v.string(),
});

/** How many items a page has at most: 200 where each item costs questions of its own. */
export const mostItems = 1_000;

const limitOf = (most: number) =>
  v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(1),
      v.maxValue(most),
      v.description("How many items; 50 unless set, in CSV as many as a page can have"),
    ),
    50,
  );

/** A `next_cursor`, read as one of these. */
const cursorOf = <Place>(place: v.GenericSchema<unknown, Place>) =>
  v.optional(
    v.pipe(
      v.string(),
      v.description("The `next_cursor` of the previous page"),
      v.rawTransform<string, Place>(({ dataset, addIssue, NEVER }) => {
        const read = v.safeParse(place, decodeCursor(dataset.value));
        if (read.success) return read.output;
        addIssue({ message: "is not a next_cursor of this list; start again without one" });
        return NEVER;
      }),
    ),
  );

/** The query of a list that has one order, whose cursor holds such a key. */
export const pageQuery = <K extends Key>(key: v.GenericSchema<K>, most = mostItems) => ({
  limit: limitOf(most),
  cursor: cursorOf<K>(key),
});

export const countQuery = {
  count: v.optional(v.pipe(v.boolean(), v.description("Also counts the whole list, up to a bound")), false),
};

/** The fields of an item that a list can be sorted by: those with one value. */
type Fields<Item> = Extract<keyof Item, string>;

/** The query of a list of such items, which is sorted and counted as well. */
export const listQuery = <Entries extends v.ObjectEntries, K extends Key>(
  item: { readonly entries: Entries },
  key: v.GenericSchema<K>,
  most = mostItems,
) => ({
  limit: limitOf(most),
  cursor: cursorOf<K | SortedPlace>(v.union([sortedPlace, key])),
  ...countQuery,
  sort: v.optional(
    v.pipe(
      v.picklist(sortsOf(item.entries)),
      v.description("By one of its fields, with - before it from the highest down: of a list of up to 1,000"),
    ),
  ),
});

const sortsOf = <Entries extends v.ObjectEntries>(entries: Entries) =>
  Object.entries(entries)
    .filter(([, schema]) => hasOneValue(schema))
    .flatMap(([name]) => [name, `-${name}`]) as (Fields<Entries> | `-${Fields<Entries>}`)[];

type Wrapping = { type: string; wrapped?: Wrapping };

function hasOneValue(schema: v.GenericSchema): boolean {
  let inner: Wrapping = schema;
  while (inner.wrapped !== undefined) inner = inner.wrapped;
  return ["string", "number", "boolean", "picklist"].includes(inner.type);
}

export const Count = v.pipe(
  v.object({
    items: v.pipe(v.number(), v.integer()),
    complete: v.pipe(v.boolean(), v.description("false: there are at least so many")),
  }),
  v.description("With `count=true`"),
  v.title("Count"),
);

/** What every page has. */
const pageEntries = <Item extends v.GenericSchema>(item: Item) => ({
  items: v.array(item),
  next_cursor: v.pipe(v.nullable(v.string()), v.description("null: this page is the last")),
  count: v.optional(Count),
});

/** The schema of a page, for the description; a page of something that has a name has one too. */
export function pageOf<Item extends v.GenericSchema>(item: Item) {
  const title = titleOf(item);
  const page = v.object(pageEntries(item));
  return title === undefined ? page : v.pipe(page, v.title(`${title}Page`));
}

/**
 * `rows` has one row more than `limit` if there is a next page: ask the table for `limit + 1`. A search that stopped
 * before the last row says where it `stoppedAt`.
 */
export function page<Row, Item>(
  rows: readonly Row[],
  limit: number,
  present: (row: Row) => Item,
  keyOf: (row: Row) => Key,
  stoppedAt?: Key,
): { items: Item[]; next_cursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const next = rows.length > limit && last !== undefined ? keyOf(last) : stoppedAt;
  return { items: shown.map(present), next_cursor: next ? encodeCursor(next) : null };
}

export const encodeCursor = (place: Key | SortedPlace): string => toBase64Url(utf8(JSON.stringify(place)));

function decodeCursor(text: string): unknown {
  try {
    return JSON.parse(fromUtf8(fromBase64(text) ?? new Uint8Array()));
  } catch {
    return undefined;
  }
}
