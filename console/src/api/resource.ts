// Reading for a page: one thing, or a list page by page.
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { AnyOrder } from "../../../client/src/client.ts";
import { type Fault, faultOf } from "./fault.ts";
import { session } from "./session.ts";

export type Resource<Value> = {
  value: Value | undefined;
  fault: Fault | undefined;
  loading: boolean;
  /** Reads it again; what was read before stays in sight meanwhile. */
  reload: () => void;
  /** Puts in place what an answer has just told. */
  set: (value: Value) => void;
};

/**
 * `read` is called again whenever one of `keys` changes; what is under way is given up. `known`: what is shown until it is
 * read for the first time.
 */
export function useResource<Value>(
  read: (signal: AbortSignal) => Promise<Value>,
  keys: readonly unknown[],
  known?: Value,
): Resource<Value> {
  const of = JSON.stringify(keys);
  const [state, setState] = useState<{ value?: Value; fault?: Fault; loading: boolean; of?: string }>(
    known === undefined ? { loading: true } : { value: known, loading: true, of },
  );
  const [round, setRound] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    setState((before) => (before.of === of ? { ...before, loading: true } : { loading: true, of }));
    read(stop.signal).then(
      (value) => stop.signal.aborted || setState({ value, loading: false, of }),
      (error: unknown) =>
        stop.signal.aborted || setState((before) => ({ ...before, fault: faultOf(error), loading: false })),
    );
    return () => stop.abort();
  }, [of, round]);
  const reload = useCallback(() => setRound((before) => before + 1), []);
  const set = useCallback((value: Value) => setState({ value, loading: false, of }), [of]);
  const { value, fault, loading } =
    state.of === of ? state : { value: undefined, fault: undefined, loading: true };
  return { value, fault, loading, reload, set };
}

export type List<Item> = {
  items: readonly Item[];
  fault: Fault | undefined;
  loading: boolean;
  /** The rows are still those of the list that was asked for before. */
  stale?: boolean;
  /** Undefined: all of it is here. */
  more: (() => void) | undefined;
  reload: () => void;
};

type Page<Item> = { items: Item[]; next_cursor?: string | null };

type ListOrder = Pick<AnyOrder, "signal"> & {
  cursor: string | undefined;
  /** So many rows were in sight when the person went away. */
  limit: number | undefined;
};

/** A list by cursor: `read` is given the cursor of the page that it is to read. */
export function useList<Item>(
  read: (order: ListOrder) => Promise<Page<Item>>,
  keys: readonly unknown[],
  {
    keeps = false,
    name,
  }: {
    /** While another filter is asked for, the rows of before stay in sight. */
    keeps?: boolean;
    /** Who comes back to the list finds it as it was, at once; it is read again meanwhile. */
    name?: string;
  } = {},
): List<Item> {
  const memory = useMemory<Page<Item>>(name, keys);
  const [rest, setRest] = useState<{ of: Page<Item>; items: Item[]; cursor: string | undefined }>();
  const [fault, setFault] = useState<Fault>();
  const [busy, setBusy] = useState(false);
  const seen = Math.min(memory.known?.items.length ?? 0, longestPage) || undefined;
  const first = useResource((signal) => read({ signal, cursor: undefined, limit: seen }), keys, memory.known);
  const latest = useRef<Page<Item>>(undefined);
  latest.current = first.value;
  const before = useRef<readonly Item[]>([]);
  const later = rest !== undefined && rest.of === first.value ? rest : undefined;
  const cursor = later ? later.cursor : (first.value?.next_cursor ?? undefined);
  const items = useMemo(
    () => (first.value === undefined ? [] : [...first.value.items, ...(later?.items ?? [])]),
    [first.value, later],
  );
  if (first.value !== undefined) {
    before.current = items;
    memory.keep({ items, next_cursor: cursor ?? null });
  }
  const more = async (): Promise<void> => {
    const of = first.value;
    if (of === undefined || busy) return;
    setBusy(true);
    setFault(undefined);
    try {
      const page = await read({ cursor, limit: undefined });
      if (latest.current === of)
        setRest({
          of,
          items: [...(later?.items ?? []), ...page.items],
          cursor: page.next_cursor ?? undefined,
        });
    } catch (error) {
      setFault(faultOf(error));
    } finally {
      setBusy(false);
    }
  };
  const stale = keeps && first.value === undefined && !first.fault && before.current.length > 0;
  return {
    items: stale ? before.current : items,
    fault: first.fault ?? fault,
    loading: first.loading || busy,
    stale,
    more: cursor === undefined ? undefined : () => void more(),
    reload: first.reload,
  };
}

const longestPage = 200;

/** Of this tab, and of the person who is signed in. */
const remembered = new Map<string, { by: unknown; value: unknown }>();

function useMemory<Value>(name: string | undefined, keys: readonly unknown[]) {
  const place = `${name} ${JSON.stringify(keys)}`;
  const by = session.peek()?.name;
  // Once for each list that is asked for: what is kept meanwhile is in sight anyway.
  const known = useMemo(() => {
    const found = name === undefined ? undefined : remembered.get(place);
    return found?.by === by ? (found?.value as Value | undefined) : undefined;
  }, [place]);
  const keep = (value: Value): void => {
    if (name !== undefined) remembered.set(place, { by, value });
  };
  return { known, keep };
}

export type Action<Arguments extends unknown[]> = {
  /** True: it was done. False: `fault` says why not. */
  run: (...given: Arguments) => Promise<boolean>;
  busy: boolean;
  fault: Fault | undefined;
  clear: () => void;
};

/** Something a person does; it cannot be begun twice at once. */
export function useAction<Arguments extends unknown[]>(
  act: (...given: Arguments) => Promise<unknown>,
): Action<Arguments> {
  const [state, setState] = useState<{ busy: boolean; fault?: Fault }>({ busy: false });
  const underWay = useRef(false);
  const run = async (...given: Arguments): Promise<boolean> => {
    if (underWay.current) return false;
    underWay.current = true;
    setState({ busy: true });
    try {
      await act(...given);
      setState({ busy: false });
      return true;
    } catch (error) {
      setState({ busy: false, fault: faultOf(error) });
      return false;
    } finally {
      underWay.current = false;
    }
  };
  return { run, busy: state.busy, fault: state.fault, clear: () => setState({ busy: false }) };
}
