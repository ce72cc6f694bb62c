// A list of things in rows, read page by page. On a phone, the rows become cards.
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import type { List } from "../api/resource.ts";
import { go } from "../shell/router.ts";
import { words } from "../words/words.ts";
import { Button } from "./button.tsx";
import { FaultNote, Loading } from "./fault.tsx";
import { Icon } from "./icon.tsx";
import { type Column, cellClass, type Selection, useRows } from "./table-rows.tsx";

export type { Column } from "./table-rows.tsx";

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
  long = false,
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
  /** It may have very many rows: rows out of sight cost nothing, and columns have fixed shares of the width. */
  long?: boolean;
}) {
  const { say } = words("common");
  const body = useRef<HTMLTableSectionElement>(null);
  const rows = useRows({ items: list.items, columns, idOf, linkOf, selection });
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
    <div
      class={["table-box", list.stale && "stale", long && "long"].filter(Boolean).join(" ")}
      aria-busy={list.loading || undefined}
    >
      <table
        class={long ? "table long" : "table"}
        style={long ? sharesOf(columns, selection !== undefined) : undefined}
        aria-label={label}
      >
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
        <tbody ref={body} onKeyDown={onKey} onFocusIn={onFocus}>
          {rows}
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

/** The name has twice the share of the others. */
function sharesOf<Item>(columns: readonly Column<Item>[], isSelectable: boolean): Record<string, string> {
  const shares = columns.map((_column, at) => (at === 0 ? "minmax(0, 2fr)" : "minmax(0, 1fr)"));
  return {
    "--columns": [...(isSelectable ? ["2.75rem"] : []), ...shares].join(" "),
    "--least": `${columns.length * leastRem + leastRem}rem`,
  };
}

const leastRem = 7.5;

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

/** Who comes back to a list steps on from the row that was opened. */
let latestRow: string | undefined;

function onFocus({ target }: FocusEvent): void {
  latestRow = (target as Element).closest<HTMLElement>("tr[data-row]")?.dataset.row ?? latestRow;
}

/** The focus to the row after or before the one that has it; used by the keys `j` and `k` as well. */
export function moveRow(by: 1 | -1, within: ParentNode = document): void {
  const rows = [...within.querySelectorAll<HTMLElement>("tr[data-row]")];
  const here = document.activeElement?.closest<HTMLElement>("tr[data-row]");
  const at = here ? rows.indexOf(here) : rows.findIndex(({ dataset }) => dataset.row === latestRow);
  const next = rows[at < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, at + by))];
  (next?.querySelector<HTMLElement>("a.row-link") ?? next?.querySelector("input"))?.focus({
    preventScroll: true,
  });
  next?.scrollIntoView({ block: "nearest" });
}
