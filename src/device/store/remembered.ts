/**
 * Rows that every turn reads and few turns change are kept in memory: whoever writes them lets go of them, and so does
 * whoever undoes what was written, or goes past the store.
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
