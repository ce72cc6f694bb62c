import { minute } from "../base/time.ts";
import type { ValidationMode } from "../catalog/finding.ts";
import type { DeviceFilters } from "../db/device-filters.ts";
import type { DevicePlace } from "../db/device-list.ts";

/**
 * A batch as its object stores it: the order and its progress. Every change of the progress is a pure function here.
 *
 * All its commands have the batch's id as their CommandUUID. A queue takes a UUID once, so a repeated page gives nobody a
 * second command, and the directory finds the commands of a batch by an existing index.
 */
export type BatchOrder = {
  id: string;
  /** Null: a push without a command. */
  requestType: string | null;
  mode: ValidationMode;
  targets: { count: number } | { filters: DeviceFilters };
  createdBy: string;
  createdAt: number;
  /** No command is given before this time. */
  heldUntil: number | null;
  expiresAt: number | null;
  /** The most commands in a minute. */
  rate: number | null;
  high: boolean;
  /** false: each device finds its command when it next connects. */
  push?: boolean;
};

export type BatchState = "held" | "running" | "done" | "cancelled";

/** Where the next page begins: an index into the given ids, or a cursor of a list. */
export type BatchCursor = { at: number } | { after: DevicePlace | null };

export type Progress = {
  state: BatchState;
  cursor: BatchCursor;
  /** All targets have been handled; only failed ones are left. */
  lastPageDone: boolean;
  /** How many have the command. */
  given: number;
  /** How many cannot take it; the reasons are listed. */
  refused: number;
  pages: number;
  /** Failures in a row of the current page. */
  faults: number;
  lastFault: string | null;
  dueAt: number;
  /** The progress of cancelling given commands; null: nothing to cancel, or all done. */
  withdrawal: { pass: number; after: [string, string] | null } | null;
};

/**
 * A second later each device of a page reports its command to the directory. A page is small and the next one comes half
 * a second later, so that others can read the database in between and no device's write times out.
 */
export const pageSize = 100;
const pauseMs = 500;
const firstRetryMs = 10_000;
const longestRetryMs = 10 * minute;
/** Events of the last page reach the directory a little later: the second pass finds what the first did not. */
const passesAfterMs = [2_000, minute];

export const beginBatch = (order: BatchOrder, now: number): Progress => ({
  state: order.heldUntil === null ? "running" : "held",
  cursor: "filters" in order.targets ? { after: null } : { at: 0 },
  lastPageDone: false,
  given: 0,
  refused: 0,
  pages: 0,
  faults: 0,
  lastFault: null,
  dueAt: order.heldUntil ?? now,
  withdrawal: null,
});

/** How many targets now, and when the next ones: by the rate, and at most one page. */
export function paceOf(rate: number | null): { size: number; waitMs: number } {
  if (rate === null) return { size: pageSize, waitMs: pauseMs };
  const size = Math.min(pageSize, Math.max(1, Math.ceil(rate / 6)));
  return { size, waitMs: Math.max(pauseMs, Math.ceil((size * minute) / rate)) };
}

export type PageOutcome = {
  given: number;
  refused: number;
  /** Null: this was the last page of targets. */
  next: BatchCursor | null;
  /** When failed targets are tried again; null: there are none. */
  laterAt: number | null;
};

export function afterPage(progress: Progress, page: PageOutcome, waitMs: number, now: number): Progress {
  const lastPageDone = page.next === null;
  const over = lastPageDone && page.laterAt === null;
  // It may have been cancelled in the meantime.
  const state = progress.state === "cancelled" ? "cancelled" : over ? "done" : "running";
  return {
    ...progress,
    state,
    cursor: page.next ?? progress.cursor,
    lastPageDone,
    given: progress.given + page.given,
    refused: progress.refused + page.refused,
    pages: progress.pages + 1,
    faults: 0,
    lastFault: null,
    dueAt:
      state === "cancelled" ? progress.dueAt : Math.max(now + waitMs, lastPageDone ? (page.laterAt ?? 0) : 0),
  };
}

/** Whether the work that began then is still to be done: it was neither cancelled nor done by another run. */
export const isSamePage = (then: Progress, now: Progress): boolean =>
  isWaiting(now) && then.state === now.state && then.pages === now.pages;

export const retryInMs = (faults: number): number => Math.min(firstRetryMs * 2 ** faults, longestRetryMs);

export const afterFault = (progress: Progress, message: string, now: number): Progress => ({
  ...progress,
  faults: progress.faults + 1,
  lastFault: message,
  dueAt: now + retryInMs(progress.faults),
});

/** Cancels the command for channels that have it and have not fetched it. */
export const cancelBatch = (progress: Progress, now: number): Progress => ({
  ...progress,
  state: "cancelled",
  withdrawal: { pass: 0, after: null },
  dueAt: now + (passesAfterMs[0] ?? 0),
});

export function afterWithdrawal(progress: Progress, next: [string, string] | null, now: number): Progress {
  const { withdrawal } = progress;
  if (withdrawal === null) return progress;
  const done = { ...progress, pages: progress.pages + 1, faults: 0, lastFault: null };
  if (next) return { ...done, withdrawal: { ...withdrawal, after: next }, dueAt: now + pauseMs };
  const wait = passesAfterMs[withdrawal.pass + 1];
  if (wait === undefined) return { ...done, withdrawal: null };
  return { ...done, withdrawal: { pass: withdrawal.pass + 1, after: null }, dueAt: now + wait };
}

export const isWaiting = ({ state, withdrawal }: Progress): boolean =>
  state === "held" || state === "running" || withdrawal !== null;
