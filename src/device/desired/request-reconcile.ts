import type { NewEvent } from "../../events/event.ts";
import { gatherMs } from "../alarm/outbox.ts";
import type { DeviceRow } from "../store/rows.ts";
import type { Store } from "../store/store.ts";

/**
 * What the device should have may have changed. The object reconciles a moment later, so that many edits cause one
 * reconcile. `quiet`: the result is stored, and the device is not notified.
 */
export function requestReconcile(
  { store, now, plan }: { store: Store; now: number; plan: () => unknown },
  { quiet = false }: { quiet?: boolean } = {},
): void {
  const { intent_due_at: dueAt, intent_quiet: wasQuiet } = store.device();
  const isAsked = dueAt !== null;
  const next: Partial<DeviceRow> = {
    intent_due_at: isAsked ? Math.min(dueAt, now + gatherMs) : now + gatherMs,
    intent_quiet: quiet && (!isAsked || wasQuiet === 1) ? 1 : 0,
  };
  if (next.intent_due_at !== dueAt || next.intent_quiet !== wasQuiet) store.setDevice(next);
  plan();
}

/** Every device reports these again each day; no set follows them, and no variable uses them. */
const passing: ReadonlySet<string> = new Set(["capacityGb", "availableGb", "batteryLevel", "inventoryAt"]);

/** Sets follow what devices report, and profiles are filled in with it. */
export const bearsOnDesiredState = ({ change }: NewEvent): boolean =>
  change?.device?.facts !== undefined ||
  change?.device?.proven !== undefined ||
  Object.keys(change?.device?.inventory ?? {}).some((fact) => !passing.has(fact));
