// Above a list: a search, filters, and how many rows are selected. What is chosen is in the address, so that it can be kept
// as a bookmark and sent to others.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { query, setQuery } from "../shell/router.ts";
import { words } from "../words/words.ts";
import { Button } from "./button.tsx";
import { Icon } from "./icon.tsx";

export type Filter = {
  /** The parameter of the address, and of the API. */
  name: string;
  title: string;
  options: readonly (readonly [value: string, said: string])[];
};

export function FilterBar({
  search,
  searchHint,
  filters = [],
  others = [],
  said,
  children,
}: {
  /** The parameter that is searched by; none: no search. */
  search?: string;
  searchHint?: string;
  filters?: readonly Filter[];
  /** Parameters that narrow the list as well and have no control here: links set them, or `children`. */
  others?: readonly string[];
  /** How one of `others` is told. It is then shown, and can be taken away alone. */
  said?: (name: string, value: string) => string;
  /** Further controls, at the end. */
  children?: ComponentChildren;
}) {
  const { say } = words("common");
  const chosen = query.value;
  const names = [...others, ...filters.map(({ name }) => name), ...(search === undefined ? [] : [search])];
  const isFiltered = names.some((name) => chosen.has(name));
  return (
    <search class="filters">
      {search !== undefined && <SearchField name={search} hint={searchHint ?? say.search} />}
      {filters.map(({ name, title, options }) => (
        <label key={name} class={chosen.has(name) ? "filter chosen" : "filter"}>
          <span class="for-readers">{title}</span>
          <select
            value={chosen.get(name) ?? ""}
            onChange={(event) => setQuery({ [name]: event.currentTarget.value })}
          >
            <option value="">{title}</option>
            {options.map(([value, said]) => (
              <option key={value} value={value}>
                {said}
              </option>
            ))}
          </select>
        </label>
      ))}
      {said &&
        others.flatMap((name) => {
          const value = chosen.get(name);
          return value === null ? [] : <Chip key={name} name={name} text={said(name, value)} />;
        })}
      {isFiltered && (
        <Button
          kind="quiet"
          onClick={() => setQuery(Object.fromEntries(names.map((name) => [name, undefined])))}
        >
          {say.clearFilters}
        </Button>
      )}
      {children !== undefined && <div class="filters-end">{children}</div>}
    </search>
  );
}

function Chip({ name, text }: { name: string; text: string }) {
  const label = words("common").say.withoutFilter(text);
  return (
    <button
      type="button"
      class="chip"
      aria-label={label}
      title={label}
      onClick={() => setQuery({ [name]: undefined })}
    >
      <span>{text}</span>
      <Icon name="close" size={13} />
    </button>
  );
}

/** The list is asked a moment after the last key. The key `/` leads here. */
function SearchField({ name, hint }: { name: string; hint: string }) {
  const inAddress = query.value.get(name) ?? "";
  const [typed, setTyped] = useState(inAddress);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => setTyped(inAddress), [inAddress]);
  const onInput = (value: string) => {
    setTyped(value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setQuery({ [name]: value.trim() }), 200);
  };
  return (
    <label class="search">
      <Icon name="search" size={16} />
      <span class="for-readers">{hint}</span>
      <input
        type="search"
        data-search
        value={typed}
        placeholder={hint}
        autocomplete="off"
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </label>
  );
}
