import type { DeviceRow } from "./rows.ts";
import type { Store } from "./store.ts";

/** Edits come in bursts: a moment after the first of them one look sees them all. */
export const intentGatherMs = 1_500;

/**
 * What the device should have may be another than it was: it looks soon, once, however often it is told. `quiet`:
 * what it finds is kept, and the device is not sent for it.
 */
export function askIntent(
  { store, now, plan }: { store: Store; now: number; plan: () => void },
  { quiet = false }: { quiet?: boolean } = {},
): void {
  const { intent_due_at: dueAt, intent_quiet: wasQuiet } = store.device();
  const isAsked = dueAt !== null;
  const next: Partial<DeviceRow> = {
    intent_due_at: isAsked ? Math.min(dueAt, now + intentGatherMs) : now + intentGatherMs,
    intent_quiet: quiet && (!isAsked || wasQuiet === 1) ? 1 : 0,
  };
  if (next.intent_due_at !== dueAt || next.intent_quiet !== wasQuiet) store.setDevice(next);
  plan();
}
