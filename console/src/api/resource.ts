// Reading for a page: one thing, or a list page by page.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { AnyOrder } from "../../../client/src/client.ts";
import { type Fault, faultOf } from "./fault.ts";

export type Resource<Value> = {
  value: Value | undefined;
  fault: Fault | undefined;
  loading: boolean;
  /** Reads it again; what was read before stays in sight meanwhile. */
  reload: () => void;
  /** Puts in place what an answer has just told. */
  set: (value: Value) => void;
};

/** `read` is called again whenever one of `keys` changes; what is under way is given up. */
export function useResource<Value>(
  read: (signal: AbortSignal) => Promise<Value>,
  keys: readonly unknown[],
): Resource<Value> {
  const [state, setState] = useState<{ value?: Value; fault?: Fault; loading: boolean; of?: string }>({
    loading: true,
  });
  const [round, setRound] = useState(0);
  const of = JSON.stringify(keys);
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
  /** Undefined: all of it is here. */
  more: (() => void) | undefined;
  reload: () => void;
};

type Page<Item> = { items: Item[]; next_cursor?: string | null };

/** A list by cursor: `read` is given the cursor of the page that it is to read. */
export function useList<Item>(
  read: (order: Pick<AnyOrder, "signal"> & { cursor: string | undefined }) => Promise<Page<Item>>,
  keys: readonly unknown[],
): List<Item> {
  const [rest, setRest] = useState<{ of: Page<Item>; items: Item[]; cursor: string | undefined }>();
  const [fault, setFault] = useState<Fault>();
  const [busy, setBusy] = useState(false);
  const first = useResource((signal) => read({ signal, cursor: undefined }), keys);
  const latest = useRef<Page<Item>>(undefined);
  latest.current = first.value;
  const later = rest !== undefined && rest.of === first.value ? rest : undefined;
  const cursor = later ? later.cursor : (first.value?.next_cursor ?? undefined);
  const more = async (): Promise<void> => {
    const of = first.value;
    if (of === undefined || busy) return;
    setBusy(true);
    setFault(undefined);
    try {
      const page = await read({ cursor });
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
  return {
    items: first.value === undefined ? [] : [...first.value.items, ...(later?.items ?? [])],
    fault: first.fault ?? fault,
    loading: first.loading || busy,
    more: cursor === undefined ? undefined : () => void more(),
    reload: first.reload,
  };
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
