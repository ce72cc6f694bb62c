// The rows of a list. A long list is drawn often, for each key that selects a row: what has not changed is given as it was,
// and Preact does not compare it. This helps where the page keeps its `columns` (`useMemo`).
import type { ComponentChildren, VNode } from "preact";
import { useRef } from "preact/hooks";
import { hrefOf } from "../shell/router.ts";
import { words } from "../words/words.ts";

export type Column<Item> = {
  key: string;
  title: string;
  cell: (item: Item) => ComponentChildren;
  /** The list can be asked in this order; the key is what `sort` says. */
  sortable?: boolean;
  /** To the end of the cell, in figures of one width. */
  number?: boolean;
  /** Not on a phone. */
  wide?: boolean;
};

export type Selection = {
  has: (id: string) => boolean;
  toggle: (id: string) => void;
  all: (ids: readonly string[]) => void;
};

type Row<Item> = {
  item: Item;
  columns: readonly Column<Item>[];
  isSelected: boolean | undefined;
  cells: readonly VNode[];
  drawn: VNode;
};

export function useRows<Item>({
  items,
  columns,
  idOf,
  linkOf,
  selection,
}: {
  items: readonly Item[];
  columns: readonly Column<Item>[];
  idOf: (item: Item) => string;
  linkOf: ((item: Item) => string | undefined) | undefined;
  selection: Selection | undefined;
}): readonly VNode[] {
  const { say } = words("common");
  const before = useRef<ReadonlyMap<string, Row<Item>>>(new Map());
  const latest = useRef(selection);
  latest.current = selection;
  const now = new Map<string, Row<Item>>();
  for (const item of items) {
    const id = idOf(item);
    const isSelected = selection?.has(id);
    const known = before.current.get(id);
    const same = known?.item === item && known.columns === columns ? known : undefined;
    if (same && same.isSelected === isSelected) {
      now.set(id, same);
      continue;
    }
    const cells = same?.cells ?? cellsOf(item, columns, linkOf?.(item));
    const mark = (
      <td class="mark">
        <input
          type="checkbox"
          aria-label={say.selectRow}
          checked={isSelected ?? false}
          onChange={() => latest.current?.toggle(id)}
        />
      </td>
    );
    const drawn = (
      <tr key={id} data-row={id} class={isSelected ? "selected" : undefined}>
        {isSelected !== undefined && mark}
        {cells}
      </tr>
    );
    now.set(id, { item, columns, isSelected, cells, drawn });
  }
  before.current = now;
  return [...now.values()].map(({ drawn }) => drawn);
}

const cellsOf = <Item,>(item: Item, columns: readonly Column<Item>[], to: string | undefined): VNode[] =>
  columns.map((column, at) => (
    <td key={column.key} class={cellClass(column)} data-title={column.title}>
      {at === 0 && to !== undefined ? (
        <a class="row-link" href={hrefOf(to)}>
          {column.cell(item)}
        </a>
      ) : (
        column.cell(item)
      )}
    </td>
  ));

export const cellClass = <Item,>({ number, wide }: Column<Item>): string | undefined =>
  [number && "number", wide && "wide"].filter(Boolean).join(" ") || undefined;
