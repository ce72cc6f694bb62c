import type { ContentRefusal } from "../apps-and-books/refusals.ts";
import { day, hour, minute, second } from "../base/time.ts";

// How often Apple is asked for what: changes every hour, counts every night, everything every week.

export const changesEveryMs = hour;
export const assetsEveryMs = day;
export const fullEveryMs = 7 * day;
/** Apple changes its limits while it runs. */
export const limitsForMs = 5 * minute;
/** Who manages the location is looked up, while another server does. */
export const rivalEveryMs = hour;

/** A token that Apple refuses is seldom tried. */
const refusedRestMs = 6 * hour;

/** How long Apple is left alone after so many failures: what Apple says, or from half a minute to half an hour. */
export function restAfter(failures: number, { retry, retryAfterSeconds }: ContentRefusal): number {
  if (retryAfterSeconds !== undefined) return Math.max(retryAfterSeconds * second, second);
  return retry === "schedule"
    ? refusedRestMs
    : Math.min(30 * second * 2 ** Math.min(failures - 1, 10), 30 * minute);
}

/**
 * When an order is looked at after so many looks: soon, for a person may wait for it; then Apple gets five minutes to tell
 * by itself; then each half minute.
 */
export function nextLookAfter(looks: number, sentAt: number, now: number): number {
  if (looks === 0) return now + 5 * second;
  if (looks === 1) return now + 10 * second;
  return Math.max(now + 30 * second, Math.min(sentAt + 5 * minute, now + 5 * minute));
}

/** An order that Apple does not end by then is sent again. */
export const orderLastsMs = 10 * minute;

/** A licence that Apple refused is asked for again: after a minute, and at last every six hours. */
export const licenceAgainAfter = (tries: number): number =>
  Math.min(minute * 4 ** Math.max(tries - 1, 0), 6 * hour);
