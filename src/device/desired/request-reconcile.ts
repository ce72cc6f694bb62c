import type { NewEvent } from "../../events/event.ts";
import { gatherMs } from "../alarm/outbox.ts";
import type { DeviceRow } from "../store/rows.ts";
import type { Store } from "../store/store.ts";

/**
 * What the device should have may be another than it was: it looks a moment later, so that a burst of edits makes one
 * look. `quiet`: what it finds is kept, and the device is not sent for it.
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

/** Every device tells these anew day after day; no set follows them, and nothing is filled in with them. */
const passing: ReadonlySet<string> = new Set(["capacityGb", "availableGb", "batteryLevel", "inventoryAt"]);

/** Sets follow what devices tell of themselves, and profiles are filled in with it. */
export const bearsOnDesiredState = ({ change }: NewEvent): boolean =>
  change?.device?.facts !== undefined ||
  change?.device?.proven !== undefined ||
  Object.keys(change?.device?.inventory ?? {}).some((fact) => !passing.has(fact));
