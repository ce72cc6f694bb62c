import { day, hour, minute } from "../../../base/time.ts";
import { mayKnowDeclarations, platformOf } from "../../../mdm/platform.ts";
import { declarationsOrigin } from "../../queue/origins.ts";
import type { DeclarativeState } from "../../store/declarations.ts";
import type { Store } from "../../store/store.ts";
import { factsOf, type Turn } from "../../turn.ts";

/** When a device is notified of its declarations: again at growing intervals, and at last only after they change. */

/** From an answered command without a fetch to the next command. */
const waits = [10 * minute, hour, 6 * hour, day, day, 3 * day] as const;

export const requestType = "DeclarativeManagement";

/** Whether the device is to fetch a manifest, and can. */
export function isBehind(store: Store, row: DeclarativeState): boolean {
  const { state, ending } = store.device();
  return (
    row.announced === 1 &&
    row.token !== row.fetched_token &&
    state === "enrolled" &&
    ending === 0 &&
    store.channel(row.user_id)?.enabled === 1 &&
    (row.spoke === 1 || mayBeDeclarative(store))
  );
}

/** Judged by what the device reported about itself: an older system would answer that it does not know the command. */
export function mayBeDeclarative(store: Store): boolean {
  const { ProductName, Model, ModelName, OSVersion } = factsOf(store.device());
  return mayKnowDeclarations(platformOf([ProductName, Model, ModelName]), OSVersion);
}

/** When the next channel is to be notified, the first time or again; null when none is. */
export function notifyDueAt(store: Store): number | null {
  const times = store.declarativeStates().map((row) => dueAt(store, row));
  const due = times.filter((at) => at !== null);
  return due.length > 0 ? Math.min(...due) : null;
}

export const notificationsDue = (store: Store, now: number): string[] =>
  store
    .declarativeStates()
    .filter((row) => (dueAt(store, row) ?? Number.POSITIVE_INFINITY) <= now)
    .map(({ user_id }) => user_id);

function dueAt(store: Store, row: DeclarativeState): number | null {
  if (!isBehind(store, row) || row.nudges > waits.length) return null;
  // While the command waits, the queue itself wakes the device.
  if (store.waitingOf(row.user_id, requestType, declarationsOrigin).length > 0) return null;
  return row.nudge_at ?? 0;
}

/** The command has ended, usually because the device answered it: the device gets time to fetch. */
export function planNudge({ store, now, plan }: Turn, userId: string): void {
  const row = store.declarativeState(userId);
  if (row === undefined || row.announced === 0 || row.token === row.fetched_token) return;
  const wait = waits[Math.min(row.nudges, waits.length - 1)] ?? day;
  store.setDeclarative(userId, { nudges: row.nudges + 1, nudge_at: now + wait });
  plan();
}
