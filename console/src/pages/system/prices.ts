// What a fleet needs of Cloudflare's plans, as docs/cost.md explains: the figures of that page, which tests measure.

export type Need = "requests" | "objects" | "objectRows" | "rows";

/** A usual day of one device. */
const ofOneDevice: Record<Need, number> = { requests: 43, objects: 52, objectRows: 76, rows: 34 };
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

/** Free up to half of each limit, which leaves room for a day on which much happens. */
export function planFor(devices: number): { plan: "free" | "tight" | "paid"; dollars: number } {
  const day = aDay(devices);
  const share = Math.max(...(Object.keys(day) as Need[]).map((need) => day[need] / freeIncludes[need]));
  if (share <= 0.5) return { plan: "free", dollars: 0 };
  const above = (Object.keys(day) as Need[]).reduce((sum, need) => {
    const [included, dollars] = paidIncludes[need];
    return sum + Math.max(0, (day[need] * 30) / 1_000_000 - included) * dollars;
  }, 0);
  return { plan: share <= 1 ? "tight" : "paid", dollars: 5 + above };
}
