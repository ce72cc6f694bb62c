import { hour, minute, second } from "../base/time.ts";

/** What an account's object remembers between its turns; how far the devices are followed lies in D1, with them. */
export type Progress = {
  /** A run over the list of devices is under way: how many pages it had, and whether it started over. */
  run: { pages: number; isRestarted: boolean } | undefined;
  counts: { added: number; changed: number; removed: number };
  nextSyncAt: number;
  /** Every device is looked at: after this serial number. */
  review: { after: string; unseenSince: number | undefined; rulesVersion: number } | undefined;
  /** The beginning of the last fetch of all devices after which those that it did not show were removed. */
  sweptSince?: number | undefined;
  /** The rules that every device was held against last. */
  reviewedVersion: number;
  /** Turns that failed, one after the other; nothing is asked before. */
  failures: number;
  restUntil: number;
};

export const newProgress: Progress = {
  run: undefined,
  counts: { added: 0, changed: 0, removed: 0 },
  nextSyncAt: 0,
  review: undefined,
  reviewedVersion: -1,
  failures: 0,
  restUntil: 0,
};

/** How often Apple is asked what changed. A cursor lives for seven days, so there is no longer pause than a day. */
export const syncEveryMs = 30 * minute;

/** How long Apple is left alone after so many failures: what Apple says, or from half a minute to half an hour. */
export const restAfter = (failures: number, retryAfterSeconds: number | undefined): number =>
  retryAfterSeconds !== undefined
    ? Math.min(Math.max(retryAfterSeconds * second, second), 24 * hour)
    : Math.min(30 * second * 2 ** (failures - 1), syncEveryMs);
