/**
 * Rows that every turn reads and few turns change are kept in memory. Any write to them drops the memory, and so does any
 * rollback or any write past the store.
 */
export function remembered<Value>(read: () => Value): { get: () => Value; forget: () => void } {
  let held: { value: Value } | undefined;
  return {
    get() {
      held ??= { value: read() };
      return held.value;
    },
    forget() {
      held = undefined;
    },
  };
}
