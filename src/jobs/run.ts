import { hour } from "../base/time.ts";

/**
 * One run of a job, as its object stores it: where it is, what it did, and what went wrong. Every change of it is a
 * function here, of values only.
 *
 * A page that fails is tried again, ever later and for ever: a run ends when its work is done, or when somebody
 * cancels it. Until then whoever asks sees what keeps it.
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
  /** How many there were, of which the first are kept. */
  remarkCount: number;
  /** Of the present page, one after the other. */
  faults: number;
  lastFault: string | null;
  /** When the next page is due. */
  dueAt: number;
  /** In words, once it is over. */
  outcome: string | null;
  /** Another run begins when this one is done. */
  again: boolean;
};

/** What one page did, and where the next one begins or how the run ended. */
export type Page<Cursor extends Json> = { counts: Counts; remarks: readonly Remark[] } & (
  | { next: Cursor; pauseMs?: number }
  | { ends: "done" | "failed"; outcome: string }
);

/** Between two pages others have the database for themselves. */
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
