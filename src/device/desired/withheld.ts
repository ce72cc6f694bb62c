import type { DesiredState } from "../../assignment/desired-state.ts";
import type { Turn } from "../turn.ts";

/**
 * What a channel should have but cannot get, because a value that it needs is missing. An event says so at the
 * beginning, and again when another value is missing.
 */
export function keepWithheld(
  { store, tell }: Turn,
  { userId, withheld }: DesiredState,
  generation: number,
): void {
  // The device enrolled again in the meantime: that enrollment has its own reconcile.
  if (store.device().generation !== generation) return;
  const before = new Map(store.withheld(userId).map((row) => [`${row.kind} ${row.identifier}`, row]));
  for (const { kind, identifier, missing } of withheld) {
    const key = `${kind} ${identifier}`;
    const list = missing.join(", ");
    if (before.get(key)?.missing !== list) {
      store.putWithheld({ user_id: userId, kind, identifier, missing: list });
      tell({
        name: "assignment.withheld",
        ...(userId ? { userId } : {}),
        detail: { kind, identifier, missing: list.slice(0, 500) },
      });
    }
    before.delete(key);
  }
  for (const row of before.values()) store.dropWithheld(row);
}
