import { hour, minute, second } from "../../base/time.ts";
import type { BusinessRefusal } from "../../business-api/refusals.ts";

/** What an API account's object remembers between its turns; how far the devices are read lies in D1, with them. */
export type PortalProgress = {
  nextRunAt: number;
  /** Of the run that is under way. */
  pages: number;
  /** Coverage is asked a few devices at a time, for each takes a call. */
  nextCoverageAt: number;
  /** A part of the API is not allowed: it is tried again later, and the rest goes on. */
  isForbidden: boolean;
  /** Turns that failed, one after the other; nothing is asked before. */
  failures: number;
  restUntil: number;
};

export const newPortalProgress: PortalProgress = {
  nextRunAt: 0,
  pages: 0,
  nextCoverageAt: 0,
  isForbidden: false,
  failures: 0,
  restUntil: 0,
};

/** Apple tells no changes: each run reads all. */
export const runEveryMs = 24 * hour;
/** More pages than any organisation has: the service gives the same ones again and again. */
export const mostPages = 2_000;
/** About twenty calls a minute are safe; some are left for people. */
export const coverageEveryMs = minute;
export const coveragesATurn = 10;

/** A key that Apple refuses, or a part that it does not allow, is seldom tried. */
export const refusedRestMs = 6 * hour;

/** What Apple says, or from a minute to an hour. */
export function portalRest(failures: number, { retry, retryAfterSeconds }: BusinessRefusal): number {
  if (retryAfterSeconds !== undefined) return Math.max(retryAfterSeconds * second, second);
  return retry === "backoff" ? Math.min(minute * 2 ** (failures - 1), hour) : refusedRestMs;
}
