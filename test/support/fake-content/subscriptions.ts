import { ContentRefused } from "./refusal.ts";

// What Apple has of subscriptions: only users have seats, ids are numbers, and pages have a cursor.

export type FakeSubscription = {
  parentAdamId: number;
  adamId: number;
  status: string;
  periodEndDate: string;
  /** Bought. */
  total: { renewing: number; expiring: number };
  seats: { clientUserId: string; renewing: boolean }[];
};

export function tellSubscriptions(
  subscriptions: readonly FakeSubscription[],
  path: string,
  query: URLSearchParams,
  pageSize: number,
): object {
  const isAsked = (one: FakeSubscription): boolean =>
    ["parentAdamId", "adamId"].every((key) => {
      const asked = query.get(key);
      return asked === null || Number(asked) === one[key as "adamId"];
    });
  const asked = subscriptions.filter(isAsked);
  if (path === "subscriptions") return pageOf("subscriptions", asked.map(tell), query, pageSize);
  const user = query.get("clientUserId");
  const seats = asked.flatMap(({ adamId, seats: all }) => all.map((seat) => ({ adamId, ...seat })));
  const wanted = seats.filter(({ clientUserId }) => user === null || clientUserId === user);
  return pageOf("assignments", wanted, query, pageSize);
}

function tell({ seats, ...one }: FakeSubscription): object {
  const renewing = seats.filter((seat) => seat.renewing).length;
  const assigned = { renewing, expiring: seats.length - renewing };
  const free = one.total.renewing + one.total.expiring - seats.length;
  const expiring = Math.min(free, one.total.expiring);
  const { total, ...facts } = one;
  return { ...facts, counts: { assigned, available: { renewing: free - expiring, expiring }, total } };
}

function pageOf(key: string, all: readonly object[], query: URLSearchParams, size: number): object {
  const cursor = query.get("cursor");
  const at = cursor === null ? 0 : Number(atob(cursor));
  if (!Number.isInteger(at)) throw new ContentRefused(9602);
  const next = at + size < all.length ? { nextCursor: btoa(String(at + size)) } : {};
  return { [key]: all.slice(at, at + size), ...next };
}
