import { day } from "../../base/time.ts";
import { reportsDueAt } from "../desired/declarations/answer.ts";
import { notifyDueAt } from "../desired/declarations/notify-times.ts";
import { resyncDueAt } from "../desired/declarations/resync.ts";
import type { EnrollmentTerms } from "../identity/enrollment-state.ts";
import { pushDueAt } from "../queue/push-again.ts";
import type { Store } from "../store/store.ts";
import { outboxDueAt } from "./outbox.ts";

/**
 * The duties of the object's one alarm, and when they are due. Nothing here is stored: the due times follow from the
 * state itself. So the two cannot disagree, and an object that wakes after a lost alarm knows what it missed.
 */
export type Duty =
  | "read-results"
  | "read-reports"
  | "inventory"
  | "attestation"
  | "resync"
  | "notify"
  | "outbox"
  | "reconcile"
  | "setup"
  | "rotate"
  | "expiry"
  | "compress-results"
  | "prune"
  | "renewal"
  | "push";

const dueAt: Record<Duty, (store: Store, now: number) => number | null> = {
  // Before the outbox, so that the events of what is read leave with the same alarm.
  "read-results": (store) => store.nextUnreadResultAt(),
  "read-reports": (store) => reportsDueAt(store),
  inventory: (store, now) => roundDueAt(store, now),
  attestation: (store, now) => attestationDueAt(store, now),
  // A report may cause a command for the device, and that may cause an event for the directory.
  resync: (store) => resyncDueAt(store),
  notify: (store, now) => atOnce(notifyDueAt(store), now),
  outbox: (store) => outboxDueAt(store),
  // After the outbox: the desired state may depend on the events just delivered.
  reconcile: (store) => intentDueAt(store),
  // After it is known what the device should have.
  setup: (store) => setupDueAt(store),
  // After the results, which bring new keys.
  rotate: (store) => rotationDueAt(store),
  expiry: (store) => store.nextExpiry(),
  "compress-results": (store, now) => (store.rawResult() ? now : null),
  prune: (store) => pruneDueAt(store),
  renewal: (store, now) => renewalLookAt(store, now),
  // After all others: it waits for Apple.
  push: (store) => pushDueAt(store),
};

const duties = Object.keys(dueAt) as Duty[];

export function isDutyDue(store: Store, duty: Duty, now: number): boolean {
  const at = dueAt[duty](store, now);
  return at !== null && at <= now;
}

export function dutiesDue(store: Store, now: number): Duty[] {
  const isDue = (duty: Duty): boolean => isDutyDue(store, duty, now);
  return duties.filter(
    (duty) =>
      isDue(duty) ||
      (duty === "outbox" && (isDue("read-results") || isDue("read-reports")) && !waitsForD1(store, now)),
  );
}

/** The directory did not take the last events; the outbox tries again later. */
export const waitsForD1 = (store: Store, now: number): boolean => (store.device().outbox_retry_at ?? 0) > now;

/** The time of the next duty, not before its pause after a failure ends; null when there is none. */
export function nextDuty(store: Store, now: number, notBefore: (duty: Duty) => number): number | null {
  const times = duties.flatMap((duty) => {
    const at = dueAt[duty](store, now);
    return at === null ? [] : [Math.max(at, notBefore(duty))];
  });
  return times.length > 0 ? Math.min(...times) : null;
}

const atOnce = (at: number | null, now: number): number | null => (at === 0 ? now : at);

/** Only for an enrolled device; each round plans the next one. */
function roundDueAt(store: Store, now: number): number | null {
  const { state, ending, inventory_due_at } = store.device();
  return state === "enrolled" && ending === 0 ? (inventory_due_at ?? now) : null;
}

/** The first check comes with the first events. */
function attestationDueAt(store: Store, now: number): number | null {
  const { state, ending, attestation_due_at } = store.device();
  return state === "enrolled" && ending === 0 ? (attestation_due_at ?? outboxDueAt(store) ?? now) : null;
}

/** Only for an enrolled device: any other gets everything when it enrolls. */
function intentDueAt(store: Store): number | null {
  const { state, ending, intent_due_at, intent_failures } = store.device();
  if (state !== "enrolled" || ending === 1) return null;
  // A reconcile also retries what failed on the device; a reconcile that itself fails has its own retry time.
  const retryAt = intent_failures > 0 ? null : store.nextProfileRetry();
  const namingAt = intent_failures > 0 ? null : store.nextNamingRetry();
  const appAt = intent_failures > 0 ? null : store.nextAppAt();
  const times = [intent_due_at, retryAt, namingAt, appAt].filter((at) => at !== null);
  // The directory cannot use facts that it has not received yet.
  return times.length > 0 ? Math.max(Math.min(...times), outboxDueAt(store) ?? 0) : null;
}

/** Only while the device is enrolled: another one fetches nothing. */
function setupDueAt(store: Store): number | null {
  if (store.device().state !== "enrolled") return null;
  const times = store.setups().flatMap(({ look_at }) => (look_at === null ? [] : [look_at]));
  return times.length > 0 ? Math.min(...times) : null;
}

/** Only while the device is enrolled: another one takes no new secret. */
function rotationDueAt(store: Store): number | null {
  const { state, ending } = store.device();
  if (state !== "enrolled" || ending === 1) return null;
  const times = store.rotations().flatMap(({ look_at }) => (look_at === null ? [] : [look_at]));
  return times.length > 0 ? Math.min(...times) : null;
}

/** Below this many finished commands only their age matters, and one check a month is enough. */
const fewFinished = 220;

/** How many are kept and how long is a setting, read when pruning; this is only how often to check. */
function pruneDueAt(store: Store): number | null {
  const first = store.firstFinished();
  if (first === null) return null;
  const lastLook = store.device().pruned_at ?? first;
  return lastLook + (store.finishedSpan() > fewFinished ? day : 30 * day);
}

/** The first check comes with the first events. A device that did not enroll by our profile cannot be renewed by one. */
function renewalLookAt(store: Store, now: number): number | null {
  const { state, ending, terms } = store.device();
  if (state !== "enrolled" || ending === 1 || !hasProfile(terms)) return null;
  return store.renewal()?.look_at ?? outboxDueAt(store) ?? now;
}

export const hasProfile = (terms: string | null): boolean =>
  terms !== null && (JSON.parse(terms) as EnrollmentTerms).profile !== undefined;
