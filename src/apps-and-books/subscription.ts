import { flagAt, isObject, type JsonObject, listAt, numberAt, textAt } from "../ade/json.ts";
import { adamIdAt } from "./answer.ts";

/** Seats of a subscription: those that go on when the period ends, and those that end with it. */
export type Seats = { renewing: number; expiring: number };

/** What an organisation has of a subscription that an app sells. */
export type Subscription = {
  adamId: string;
  /** The app. */
  parentAdamId: string | undefined;
  /** Apple's word. */
  status: string | undefined;
  /** A day, without a time. */
  periodEndDate: string | undefined;
  total: Seats;
  assigned: Seats;
  available: Seats;
};

export type SubscriptionSeat = { adamId: string; clientUserId: string; isRenewing: boolean };

/** These lists come in pages with a cursor of Apple's. */
export type CursorPage<Item> = { items: Item[]; next: string | undefined };

export function readCursorPage<Item>(
  body: JsonObject,
  key: string,
  readItem: (item: JsonObject) => Item | undefined,
): CursorPage<Item> | undefined {
  const items = listAt(body, key);
  if (items === undefined) return undefined;
  return {
    items: items.filter(isObject).flatMap((item) => readItem(item) ?? []),
    next: textAt(body, "nextCursor") || undefined,
  };
}

export function readSubscription(value: JsonObject): Subscription | undefined {
  const adamId = adamIdAt(value);
  if (adamId === undefined) return undefined;
  const counts = isObject(value.counts) ? value.counts : {};
  const day = textAt(value, "periodEndDate");
  return {
    adamId,
    parentAdamId: adamIdAt({ adamId: value.parentAdamId }),
    status: textAt(value, "status")?.slice(0, 50),
    periodEndDate: day !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(day) ? day : undefined,
    total: seatsAt(counts, "total"),
    assigned: seatsAt(counts, "assigned"),
    available: seatsAt(counts, "available"),
  };
}

function seatsAt(counts: JsonObject, key: string): Seats {
  const seats = counts[key];
  if (!isObject(seats)) return { renewing: 0, expiring: 0 };
  return { renewing: numberAt(seats, "renewing") ?? 0, expiring: numberAt(seats, "expiring") ?? 0 };
}

export function readSubscriptionSeat(value: JsonObject): SubscriptionSeat | undefined {
  const adamId = adamIdAt(value);
  const clientUserId = textAt(value, "clientUserId");
  if (adamId === undefined || !clientUserId || clientUserId.length > 256) return undefined;
  return { adamId, clientUserId, isRenewing: flagAt(value, "renewing") ?? false };
}
