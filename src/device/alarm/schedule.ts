import { day } from "../../base/time.ts";
import { reportsDueAt } from "../desired/declarations/answer.ts";
import { notifyDueAt } from "../desired/declarations/notify-times.ts";
import { resyncDueAt } from "../desired/declarations/resync.ts";
import type { EnrollmentTerms } from "../identity/enrollment-state.ts";
import { pushDueAt } from "../queue/push-again.ts";
import type { Store } from "../store/store.ts";
import { outboxDueAt } from "./outbox.ts";

/**
 * What the object's one alarm is for, and when. Nothing here is stored: what is due follows from the state itself, so
 * the two cannot disagree, and an object that wakes after a lost alarm knows what it missed.
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
  | "expiry"
  | "compress-results"
  | "prune"
  | "renewal"
  | "push";

const dueAt: Record<Duty, (store: Store, now: number) => number | null> = {
  // Before the outbox: what is read leaves with the same alarm.
  "read-results": (store) => store.nextUnreadResultAt(),
  "read-reports": (store) => reportsDueAt(store),
  inventory: (store, now) => roundDueAt(store, now),
  attestation: (store, now) => attestationDueAt(store, now),
  // What a report shows may be news for the device, and what it is told may be news for the directory.
  resync: (store) => resyncDueAt(store),
  notify: (store, now) => atOnce(notifyDueAt(store), now),
  outbox: (store) => outboxDueAt(store),
  // After the outbox: what it should have may depend on what the directory is being told.
  reconcile: (store) => intentDueAt(store),
  // After it is known what the device should have.
  setup: (store) => setupDueAt(store),
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

/** The directory did not take the last events, and is tried again later. */
export const waitsForD1 = (store: Store, now: number): boolean => (store.device().outbox_retry_at ?? 0) > now;

/** The moment of the next duty, none before it may be done again; null when there is none. */
export function nextDuty(store: Store, now: number, notBefore: (duty: Duty) => number): number | null {
  const times = duties.flatMap((duty) => {
    const at = dueAt[duty](store, now);
    return at === null ? [] : [Math.max(at, notBefore(duty))];
  });
  return times.length > 0 ? Math.min(...times) : null;
}

const atOnce = (at: number | null, now: number): number | null => (at === 0 ? now : at);

/** Of an enrolled device alone; the round itself plans the next. */
function roundDueAt(store: Store, now: number): number | null {
  const { state, ending, inventory_due_at } = store.device();
  return state === "enrolled" && ending === 0 ? (inventory_due_at ?? now) : null;
}

/** The first look comes along with the first events. */
function attestationDueAt(store: Store, now: number): number | null {
  const { state, ending, attestation_due_at } = store.device();
  return state === "enrolled" && ending === 0 ? (attestation_due_at ?? outboxDueAt(store) ?? now) : null;
}

/** Of an enrolled device alone: another one is given everything when it enrols. */
function intentDueAt(store: Store): number | null {
  const { state, ending, intent_due_at, intent_failures } = store.device();
  if (state !== "enrolled" || ending === 1) return null;
  // What failed on the device is tried again by another look; one that fails itself has its own time.
  const retryAt = intent_failures > 0 ? null : store.nextProfileRetry();
  const times = [intent_due_at, retryAt].filter((at) => at !== null);
  // What the directory was not told yet it cannot answer by.
  return times.length > 0 ? Math.max(Math.min(...times), outboxDueAt(store) ?? 0) : null;
}

/** Only while the device is enrolled: another one fetches nothing. */
function setupDueAt(store: Store): number | null {
  if (store.device().state !== "enrolled") return null;
  const times = store.setups().flatMap(({ look_at }) => (look_at === null ? [] : [look_at]));
  return times.length > 0 ? Math.min(...times) : null;
}

/** Below this many finished commands only their age matters, and a look a month is enough. */
const fewFinished = 220;

/** How many are kept, and for how long, is a setting, read when pruning; here is only how often to look. */
function pruneDueAt(store: Store): number | null {
  const first = store.firstFinished();
  if (first === null) return null;
  const lastLook = store.device().pruned_at ?? first;
  return lastLook + (store.finishedSpan() > fewFinished ? day : 30 * day);
}

/** The first look comes along with the first events. What was not enrolled by a profile of ours cannot be renewed by one. */
function renewalLookAt(store: Store, now: number): number | null {
  const { state, ending, terms } = store.device();
  if (state !== "enrolled" || ending === 1 || !hasProfile(terms)) return null;
  return store.renewal()?.look_at ?? outboxDueAt(store) ?? now;
}

export const hasProfile = (terms: string | null): boolean =>
  terms !== null && (JSON.parse(terms) as EnrollmentTerms).profile !== undefined;
