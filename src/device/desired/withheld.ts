import type { DesiredState } from "../../assignment/desired-state.ts";
import type { Turn } from "../turn.ts";

/**
 * What a channel should have but cannot get, because a value that it needs is missing, or because this kind of enrollment
 * may not have it. An event says so at the beginning, and again when the reason changes.
 */
const longestReason = 1_000;

export function keepWithheld(
  { store, tell }: Turn,
  { userId, withheld }: DesiredState,
  generation: number,
): void {
  // The device enrolled again in the meantime: that enrollment has its own reconcile.
  if (store.device().generation !== generation) return;
  const before = new Map(store.withheld(userId).map((row) => [`${row.kind} ${row.identifier}`, row]));
  for (const { kind, identifier, missing, forbidden } of withheld) {
    const key = `${kind} ${identifier}`;
    const list = missing.join(", ");
    const reason = (forbidden ?? `there is no value for ${list}`).slice(0, longestReason);
    if (before.get(key)?.reason !== reason) {
      store.putWithheld({ user_id: userId, kind, identifier, reason });
      tell({
        name: "assignment.withheld",
        ...(userId ? { userId } : {}),
        detail: { kind, identifier, reason, ...(forbidden === undefined && { missing: list.slice(0, 500) }) },
      });
    }
    before.delete(key);
  }
  for (const row of before.values()) store.dropWithheld(row);
}
