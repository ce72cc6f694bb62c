import { day } from "../../base/time.ts";
import { notifyDueAt } from "../desired/declarations/notify-times.ts";
import { resyncDueAt } from "../desired/declarations/resync.ts";
import type { EnrollmentTerms } from "../identity/enrollment.ts";
import { pushDueAt } from "../queue/push-again.ts";
import type { DueTimes } from "../store/due-times.ts";
import type { DeviceRow } from "../store/rows.ts";
import type { Store } from "../store/store.ts";

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

/** Read once for all duties. */
type Known = { store: Store; device: DeviceRow; times: DueTimes; now: number };

const dueAt: Record<Duty, (known: Known) => number | null> = {
  // Before the outbox, so that the events of what is read leave with the same alarm.
  "read-results": ({ times }) => times.unread_result,
  "read-reports": ({ times }) => times.status_report,
  inventory: roundDueAt,
  attestation: attestationDueAt,
  // A report may cause a command for the device, and that may cause an event for the directory.
  resync: ({ store, times }) => (times.has_declarations ? resyncDueAt(store) : null),
  notify: ({ store, times, now }) => (times.has_declarations ? atOnce(notifyDueAt(store), now) : null),
  outbox: deliveryDueAt,
  // After the outbox: the desired state may depend on the events just delivered.
  reconcile: intentDueAt,
  // After it is known what the device should have.
  setup: setupDueAt,
  // After the results, which bring new keys.
  rotate: rotationDueAt,
  expiry: ({ times }) => times.expiry,
  "compress-results": ({ times, now }) => (times.has_raw_result ? now : null),
  prune: pruneDueAt,
  renewal: renewalLookAt,
  // After all others: it waits for Apple.
  push: ({ store, times }) => (times.has_wanted ? pushDueAt(store) : null),
};

const duties = Object.keys(dueAt) as Duty[];

const known = (store: Store, now: number): Known => ({
  store,
  device: store.device(),
  times: store.dueTimes(),
  now,
});

const isDue = (duty: Duty, asked: Known): boolean =>
  (dueAt[duty](asked) ?? Number.POSITIVE_INFINITY) <= asked.now;

export const isDutyDue = (store: Store, duty: Duty, now: number): boolean => isDue(duty, known(store, now));

export function dutiesDue(store: Store, now: number): Duty[] {
  const asked = known(store, now);
  const due = new Set(duties.filter((duty) => isDue(duty, asked)));
  const mayHaveNews = asked.times.has_news === 1 || due.has("read-results") || due.has("read-reports");
  if (due.size > 0 && mayHaveNews && !waitsForD1(store, now)) due.add("outbox");
  return duties.filter((duty) => due.has(duty));
}

/** The directory did not take the last events; the outbox tries again later. */
export const waitsForD1 = (store: Store, now: number): boolean => (store.device().outbox_retry_at ?? 0) > now;

/** The time of the next duty, not before its pause after a failure ends; null when there is none. */
export function nextDuty(store: Store, now: number, notBefore: (duty: Duty) => number): number | null {
  const asked = known(store, now);
  const times = duties.flatMap((duty) => {
    const at = dueAt[duty](asked);
    return at === null ? [] : [Math.max(at, notBefore(duty))];
  });
  return times.length > 0 ? Math.min(...times) : null;
}

const atOnce = (at: number | null, now: number): number | null => (at === 0 ? now : at);

/** As `outboxDueAt`. */
function deliveryDueAt({ device, times }: Known): number | null {
  return times.outbox === null ? null : Math.max(times.outbox, device.outbox_retry_at ?? 0);
}

/** Only for an enrolled device; each round plans the next one. */
function roundDueAt({ device, now }: Known): number | null {
  return isHere(device) ? (device.inventory_due_at ?? now) : null;
}

/** The first check comes with the first events. */
function attestationDueAt(asked: Known): number | null {
  const { device, now } = asked;
  return isHere(device) ? (device.attestation_due_at ?? deliveryDueAt(asked) ?? now) : null;
}

/** Only for an enrolled device: any other gets everything when it enrolls. */
function intentDueAt(asked: Known): number | null {
  const { device, times } = asked;
  if (!isHere(device)) return null;
  // A reconcile also retries what failed on the device; a reconcile that itself fails has its own retry time.
  const retries = device.intent_failures > 0 ? [] : [times.profile_retry, times.naming_retry, times.app];
  const due = [device.intent_due_at, ...retries].filter((at) => at !== null);
  // The directory cannot use facts that it has not received yet.
  return due.length > 0 ? Math.max(Math.min(...due), deliveryDueAt(asked) ?? 0) : null;
}

/** Only while the device is enrolled: another one fetches nothing. */
function setupDueAt({ device, times }: Known): number | null {
  return device.state === "enrolled" ? times.setup : null;
}

/** Only while the device is enrolled: another one takes no new secret. */
function rotationDueAt({ device, times }: Known): number | null {
  return isHere(device) ? times.rotation : null;
}

/** Below this many finished commands only their age matters, and one check a month is enough. */
const fewFinished = 220;

/** How many are kept and how long is a setting, read when pruning; this is only how often to check. */
function pruneDueAt({ device, times }: Known): number | null {
  if (times.first_finished === null) return null;
  const lastLook = device.pruned_at ?? times.first_finished;
  return lastLook + ((times.finished_span ?? 0) > fewFinished ? day : 30 * day);
}

/** The first check comes with the first events. A device that did not enroll by our profile cannot be renewed by one. */
function renewalLookAt(asked: Known): number | null {
  const { device, times, now } = asked;
  if (!isHere(device) || !hasProfile(device.terms)) return null;
  return times.renewal ?? deliveryDueAt(asked) ?? now;
}

const isHere = ({ state, ending }: DeviceRow): boolean => state === "enrolled" && ending === 0;

export const hasProfile = (terms: string | null): boolean =>
  terms !== null && (JSON.parse(terms) as EnrollmentTerms).profile !== undefined;
