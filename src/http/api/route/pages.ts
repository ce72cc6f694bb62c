import * as v from "valibot";
import { fromBase64, fromUtf8, toBase64Url, utf8 } from "../../../base/bytes.ts";

/**
 * Lists are read in pages: `?limit=&cursor=` answers `{items, next_cursor}`. A cursor is the key of the last item
 * in the answer, so a page stays correct while rows are added and deleted.
 */
type Key = readonly (string | number)[];

/** The query of a list; its cursor holds such a key. */
export const pageQuery = <K extends Key>(key: v.GenericSchema<K>) => ({
  limit: v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(1),
      v.maxValue(200),
      v.description("How many items; 50 unless set"),
    ),
    50,
  ),
  cursor: v.optional(
    v.pipe(
      v.string(),
      v.description("The `next_cursor` of the previous page"),
      v.rawTransform<string, K>(({ dataset, addIssue, NEVER }) => {
        const read = v.safeParse(key, decodeCursor(dataset.value));
        if (read.success) return read.output;
        addIssue({ message: "is not a next_cursor of this list; start again without one" });
        return NEVER;
      }),
    ),
  ),
});

/** The schema of a page, for the description. */
export const pageOf = <Item extends v.GenericSchema>(item: Item) =>
  v.object({
    items: v.array(item),
    next_cursor: v.pipe(v.nullable(v.string()), v.description("null: this page is the last")),
  });

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

const encodeCursor = (key: Key): string => toBase64Url(utf8(JSON.stringify(key)));

function decodeCursor(text: string): unknown {
  try {
    return JSON.parse(fromUtf8(fromBase64(text) ?? new Uint8Array()));
  } catch {
    return undefined;
  }
}
