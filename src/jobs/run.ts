import { hour } from "../base/time.ts";

/**
 * One run of a job, as its object stores it: its position, its results, and its faults. Every change of it is a pure
 * function here.
 *
 * A failed page is tried again at growing intervals, without a limit: a run ends when its work is done or when it is
 * cancelled. Until then its fault is visible.
 */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export type Counts = { [what: string]: number };

/** Something a person should look at, such as a device that did not answer. */
export type Remark = { about: string; detail: string };

export type Run = {
  id: string;
  state: "running" | "done" | "failed" | "cancelled";
  cursor: Json;
  startedAt: number;
  /** A token's id, or `cron`. */
  startedBy: string;
  finishedAt: number | null;
  pages: number;
  counts: Counts;
  remarks: Remark[];
  /** The number of remarks; only the first are stored. */
  remarkCount: number;
  /** Failures of the current page in a row. */
  faults: number;
  lastFault: string | null;
  /** When the next page is due. */
  dueAt: number;
  /** The outcome in words, after the end. */
  outcome: string | null;
  /** Another run begins after this one. */
  again: boolean;
};

/** The results of one page, and where the next one begins or how the run ended. */
export type Page<Cursor extends Json> = { counts: Counts; remarks: readonly Remark[] } & (
  | { next: Cursor; pauseMs?: number }
  | { ends: "done" | "failed"; outcome: string }
);

/** The pause between two pages, in which others can use the database. */
const pauseMs = 1_000;
const firstRetryMs = 30_000;
const longestRetryMs = hour;
const keptRemarks = 50;

export const beginRun = (id: string, cursor: Json, startedBy: string, now: number): Run => ({
  id,
  state: "running",
  cursor,
  startedAt: now,
  startedBy,
  finishedAt: null,
  pages: 0,
  counts: {},
  remarks: [],
  remarkCount: 0,
  faults: 0,
  lastFault: null,
  dueAt: now + pauseMs,
  outcome: null,
  again: false,
});

export function afterPage(run: Run, page: Page<Json>, now: number): Run {
  const progress = {
    ...run,
    pages: run.pages + 1,
    counts: sum(run.counts, page.counts),
    remarks: [...run.remarks, ...page.remarks].slice(0, keptRemarks),
    remarkCount: run.remarkCount + page.remarks.length,
    faults: 0,
    lastFault: null,
  };
  return "next" in page
    ? { ...progress, cursor: page.next, dueAt: now + (page.pauseMs ?? pauseMs) }
    : { ...progress, state: page.ends, outcome: page.outcome, finishedAt: now };
}

export function afterFault(run: Run, message: string, now: number): Run {
  const wait = Math.min(firstRetryMs * 2 ** run.faults, longestRetryMs);
  return { ...run, faults: run.faults + 1, lastFault: message, dueAt: now + wait };
}

export const cancelled = (run: Run, by: string, now: number): Run => ({
  ...run,
  state: "cancelled",
  outcome: `cancelled by ${by}`,
  finishedAt: now,
});

export function sum(counts: Counts, more: Counts): Counts {
  const total = { ...counts };
  for (const [what, count] of Object.entries(more)) total[what] = (total[what] ?? 0) + count;
  return total;
}
