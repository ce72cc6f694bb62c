import type { DesiredState } from "../../assignment/desired-state.ts";
import type { Turn } from "../turn.ts";

/**
 * What a channel should have and cannot be given, since something that belongs into it is missing. It is told when it
 * begins, and again when something else is missing.
 */
export function keepWithheld(
  { store, tell }: Turn,
  { userId, withheld }: DesiredState,
  generation: number,
): void {
  // It enrolled anew meanwhile: that enrollment looks for itself.
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
