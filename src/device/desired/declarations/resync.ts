import { hour, minute } from "../../../base/time.ts";
import type { DeclarativeRow } from "../../store/declarations.ts";
import type { Store } from "../../store/store.ts";
import type { Turn } from "../../turn.ts";
import { reportedOf, standingsOf } from "./states.ts";
import { contentOf, timeOfToken } from "./tokens.ts";

/**
 * A device that has the current manifest but reports other declarations has lost some. The same token would make it do
 * nothing: it gets a new token for the same set, and fetches what it lacks.
 *
 * A report may be older than what the device is doing now, so the device gets time to report again. There are few tries.
 */
const waits = [10 * minute, hour, 6 * hour, 24 * hour, 72 * hour] as const;

/** Called after each report. */
export function planResync({ store, now }: Turn, userId: string): void {
  const row = store.declarative(userId);
  if (row === undefined) return;
  if (row.fetched_token !== row.token) {
    if (hasAll(store, row)) markAsFetched(store, row);
    return;
  }
  const isSettled = !standingsOf(store, row).some(isAmiss);
  const wait = waits[row.resyncs];
  if (isSettled) {
    if (row.resync_at !== null) store.setDeclarative(userId, { resync_at: null });
  } else if (row.resync_at === null && wait !== undefined) {
    store.setDeclarative(userId, { resync_at: now + wait });
  }
}

/** It has exactly this set, although no fetch is recorded: this object was restored, or adopted a device again. */
function hasAll(store: Store, row: DeclarativeRow): boolean {
  const standings = standingsOf(store, row);
  return (
    standings.length > 0 &&
    standings.every(({ head, reported }) => reported?.serverToken === head.server_token) &&
    Object.keys(reportedOf(row)).length === standings.length
  );
}

function markAsFetched(store: Store, { user_id, token, reported_at }: DeclarativeRow): void {
  store.markFetched(user_id);
  const fetched = { fetched_token: token, fetched_at: reported_at };
  store.setDeclarative(user_id, { ...fetched, nudges: 0, nudge_at: null, resync_at: null });
}

const isAmiss = ({ state }: { state: string }): boolean => state === "unknown_to_device" || state === "stale";

export function resyncDueAt(store: Store): number | null {
  const times = store.declarativeStates().map(({ resync_at }) => resync_at);
  const due = times.filter((at) => at !== null);
  return due.length > 0 ? Math.min(...due) : null;
}

/** Gives the due channels a new token for the same set, which notifies the device. Returns these channels. */
export function resync({ store, now }: Turn, asOf: number): string[] {
  const due = store.declarativeStates().filter(({ resync_at }) => resync_at !== null && resync_at <= asOf);
  for (const { user_id } of due) {
    const row = store.declarative(user_id);
    if (row === undefined) continue;
    const resyncs = row.resyncs + 1;
    const token = `${contentOf(row.token)}.${resyncs}`;
    const manifest = JSON.stringify({ ...JSON.parse(row.manifest), DeclarationsToken: token });
    const told = { announced: 1, nudges: 0, nudge_at: null };
    store.setDeclarative(user_id, {
      ...{ token, manifest, resyncs, resync_at: null },
      token_at: timeOfToken(row, now),
      ...told,
    });
  }
  return due.map(({ user_id }) => user_id);
}
