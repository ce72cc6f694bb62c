// A list of things in rows, read page by page. On a phone, the rows become cards.
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import type { List } from "../api/resource.ts";
import { go, hrefOf } from "../shell/router.ts";
import { words } from "../words/words.ts";
import { Button } from "./button.tsx";
import { FaultNote, Loading } from "./fault.tsx";
import { Icon } from "./icon.tsx";

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

type Selection = {
  has: (id: string) => boolean;
  toggle: (id: string) => void;
  all: (ids: readonly string[]) => void;
};

export function Table<Item>({
  label,
  list,
  columns,
  idOf,
  linkOf,
  sort,
  onSort,
  selection,
  empty,
}: {
  /** What it is a list of, for screen readers. */
  label: string;
  list: List<Item>;
  /** The first one is the name of the thing; it is the link. */
  columns: readonly Column<Item>[];
  idOf: (item: Item) => string;
  /** The page of the thing, below /console. */
  linkOf?: (item: Item) => string | undefined;
  sort?: string | undefined;
  onSort?: (sort: string | undefined) => void;
  selection?: Selection;
  empty: ComponentChildren;
}) {
  const { say } = words("common");
  const body = useRef<HTMLTableSectionElement>(null);
  if (list.items.length === 0)
    return list.fault ? (
      <FaultNote fault={list.fault} retry={list.reload} />
    ) : list.loading ? (
      <Loading rows={6} />
    ) : (
      empty
    );
  const ids = list.items.map(idOf);
  const onKey = (event: KeyboardEvent) => stepThrough(event, body.current, selection);
  return (
    <div class="table-box" aria-busy={list.loading || undefined}>
      <table class="table" aria-label={label}>
        <thead>
          <tr>
            {selection && (
              <th class="mark">
                <input
                  type="checkbox"
                  aria-label={say.selectAll}
                  checked={ids.every(selection.has)}
                  onChange={(event) => selection.all(event.currentTarget.checked ? ids : [])}
                />
              </th>
            )}
            {columns.map((column) => (
              <HeadCell key={column.key} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody ref={body} onKeyDown={onKey}>
          {list.items.map((item, row) => {
            const id = ids[row] ?? "";
            const to = linkOf?.(item);
            return (
              <tr key={id} data-row={id} class={selection?.has(id) ? "selected" : undefined}>
                {selection && (
                  <td class="mark">
                    <input
                      type="checkbox"
                      aria-label={say.selectRow}
                      checked={selection.has(id)}
                      onChange={() => selection.toggle(id)}
                    />
                  </td>
                )}
                {columns.map((column, at) => (
                  <td key={column.key} class={cellClass(column)} data-title={column.title}>
                    {at === 0 && to !== undefined ? (
                      <a class="row-link" href={hrefOf(to)}>
                        {column.cell(item)}
                      </a>
                    ) : (
                      column.cell(item)
                    )}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
      <FaultNote fault={list.fault} retry={list.more ?? list.reload} />
      {list.more && (
        <div class="actions center">
          <Button busy={list.loading} onClick={list.more}>
            {say.more}
          </Button>
        </div>
      )}
    </div>
  );
}

const cellClass = <Item,>({ number, wide }: Column<Item>): string | undefined =>
  [number && "number", wide && "wide"].filter(Boolean).join(" ") || undefined;

function HeadCell<Item>({
  column,
  sort,
  onSort,
}: {
  column: Column<Item>;
  sort: string | undefined;
  onSort: ((sort: string | undefined) => void) | undefined;
}) {
  // A column of buttons has no name.
  if (column.title === "") return <td class={cellClass(column)} />;
  if (!column.sortable || !onSort)
    return (
      <th scope="col" class={cellClass(column)}>
        {column.title}
      </th>
    );
  const up = sort === column.key;
  const down = sort === `-${column.key}`;
  return (
    <th scope="col" class={cellClass(column)} aria-sort={up ? "ascending" : down ? "descending" : undefined}>
      <button
        type="button"
        class="sort"
        title={words("common").say.sortedBy(column.title)}
        onClick={() => onSort(up ? `-${column.key}` : down ? undefined : column.key)}
      >
        {column.title}
        {(up || down) && <Icon name={up ? "up" : "down"} size={14} />}
      </button>
    </th>
  );
}

/** `j` and `k` go down and up, `x` selects, Enter opens: from anywhere on the page, if no field has the focus. */
function stepThrough(event: KeyboardEvent, body: HTMLElement | null, selection: Selection | undefined): void {
  const target = event.target as HTMLElement;
  const row = target.closest<HTMLElement>("tr[data-row]");
  if (event.key === "x" && selection && row?.dataset.row !== undefined && target.tagName !== "INPUT") {
    event.preventDefault();
    selection.toggle(row.dataset.row);
  }
  if (event.key === "Enter" && target === row) {
    const to = row.querySelector("a.row-link")?.getAttribute("href");
    if (to) void go(to.replace(/^\/console/, ""));
  }
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    moveRow(event.key === "ArrowDown" ? 1 : -1, body ?? document.body);
  }
}

/** The focus to the row after or before the one that has it; used by the keys `j` and `k` as well. */
export function moveRow(by: 1 | -1, within: ParentNode = document): void {
  const links = [...within.querySelectorAll<HTMLElement>("tr[data-row]")];
  const at = links.findIndex((row) => row.contains(document.activeElement));
  const next = links[at < 0 ? 0 : Math.max(0, Math.min(links.length - 1, at + by))];
  (next?.querySelector<HTMLElement>("a.row-link") ?? next?.querySelector("input"))?.focus();
  next?.scrollIntoView({ block: "nearest" });
}
