/**
 * What the Free plan of Cloudflare allows an account in a day (UTC). A paid plan has no such limits.
 * https://developers.cloudflare.com/workers/platform/limits/
 * https://developers.cloudflare.com/durable-objects/platform/pricing/
 * https://developers.cloudflare.com/d1/platform/pricing/
 */
export const dailyLimits = {
  "worker-requests": { limit: 100_000, what: "Requests of Workers" },
  "object-requests": { limit: 100_000, what: "Requests of Durable Objects" },
  "object-rows-read": { limit: 5_000_000, what: "Rows read in Durable Objects" },
  "object-rows-written": { limit: 100_000, what: "Rows written in Durable Objects" },
  "database-rows-read": { limit: 5_000_000, what: "Rows read in D1" },
  "database-rows-written": { limit: 100_000, what: "Rows written in D1" },
} as const;

export type Metric = keyof typeof dailyLimits;

export const metrics = Object.keys(dailyLimits) as Metric[];

export type DayOfUse = { day: string; used: Readonly<Record<Metric, number>> };

/** `trouble`: it could not be read. */
export type Usage = { days: readonly DayOfUse[] } | { trouble: string };
