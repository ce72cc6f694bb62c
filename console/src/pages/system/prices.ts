// What a fleet needs of Cloudflare's plans, as docs/cost.md explains: the figures of that page, which tests measure.

import type { Schemas } from "../../../../client/api.d.ts";

export const needs = ["requests", "objects", "objectRows", "rows"] as const;

export type Need = (typeof needs)[number];

/** A usual day of one device. */
const ofOneDevice: Record<Need, number> = { requests: 43, objects: 52, objectRows: 55, rows: 34 };
/** The jobs of the server, whatever the size of the fleet. */
const ofTheServer: Record<Need, number> = { requests: 300, objects: 2_000, objectRows: 0, rows: 0 };

/** What Workers Free includes a day; beyond it, everything is refused until midnight UTC. */
export const freeIncludes: Record<Need, number> = {
  requests: 100_000,
  objects: 100_000,
  objectRows: 100_000,
  rows: 100_000,
};

/** What Workers Paid includes a month for 5 $, and dollars for each million above that. */
const paidIncludes: Record<Need, [millions: number, dollars: number]> = {
  requests: [10, 0.3],
  objects: [1, 0.15],
  objectRows: [50, 1],
  rows: [50, 1],
};

export const aDay = (devices: number): Record<Need, number> => ({
  requests: devices * ofOneDevice.requests + ofTheServer.requests,
  objects: devices * ofOneDevice.objects + ofTheServer.objects,
  objectRows: devices * ofOneDevice.objectRows + ofTheServer.objectRows,
  rows: devices * ofOneDevice.rows + ofTheServer.rows,
});

type Day = Schemas["Usage"]["days"][number];

/** As Cloudflare names what it counted. */
const countedAs = {
  requests: "worker_requests",
  objects: "object_requests",
  objectRows: "object_rows_written",
  rows: "database_rows_written",
} as const satisfies Record<Need, keyof Day>;

const each = (figure: (need: Need) => number): Record<Need, number> =>
  Object.fromEntries(needs.map((need) => [need, figure(need)])) as Record<Need, number>;

export const sumOf = (days: readonly Day[]): Record<Need, number> =>
  each((need) => days.reduce((sum, day) => sum + day[countedAs[need]], 0));

/** The most of each on one day. */
export const busiestOf = (days: readonly Day[]): Record<Need, number> =>
  each((need) => Math.max(0, ...days.map((day) => day[countedAs[need]])));

/** What Workers Paid bills for this much in a month. */
export const dollarsOf = (month: Record<Need, number>): number =>
  needs.reduce((sum, need) => {
    const [included, dollars] = paidIncludes[need];
    return sum + Math.max(0, month[need] / 1_000_000 - included) * dollars;
  }, 5);

/** Free up to half of each limit, which leaves room for a day on which much happens. */
export function planFor(devices: number): { plan: "free" | "tight" | "paid"; dollars: number } {
  const day = aDay(devices);
  const share = Math.max(...needs.map((need) => day[need] / freeIncludes[need]));
  if (share <= 0.5) return { plan: "free", dollars: 0 };
  return { plan: share <= 1 ? "tight" : "paid", dollars: dollarsOf(each((need) => day[need] * 30)) };
}
