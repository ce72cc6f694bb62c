import { orderStatusCall } from "../apps-and-books/calls.ts";
import type { ContentClient } from "../apps-and-books/client.ts";
import type { OrderStatus } from "../apps-and-books/order.ts";
import type { ContentRefusal } from "../apps-and-books/refusals.ts";
import { tellDevicesOfOrder } from "../db/app-licences.ts";
import { type ContentLocationRow, setLocation } from "../db/content-locations.ts";
import { userOrderDone, userOrderFailed, usersOfOrder } from "../db/content-users.ts";
import { applyTogether, type Statement } from "../db/directory.ts";
import { keyOf } from "../db/licence-keys.ts";
import { type LicenceOrderRow, setOrder } from "../db/licence-orders.ts";
import { type Db, openDb } from "../db/open.ts";
import { licencesOfOrder, orderFailed, orderFreed, orderHeld, releaseOrder } from "../db/ordered-licences.ts";
import type { AdeTrouble } from "../db/schema/ade.ts";
import { announceAll } from "../events/announce.ts";
import { startAssigning } from "../library/start-assigning.ts";
import { blamed, isLasting, troubleOfError } from "./blame.ts";
import { licenceAgainAfter, nextLookAfter, orderLastsMs } from "./times.ts";

/** One look at an order: what Apple says became of it, and what follows for the licences that it went for. */
type Following = {
  env: Env;
  row: ContentLocationRow;
  client: ContentClient;
  order: LicenceOrderRow;
  now: number;
};

export async function followOrder(following: Following): Promise<ContentRefusal | undefined> {
  const { env, client, order, now } = following;
  if (order.eventId === null) {
    await lose(following, order.trouble ?? noAnswer);
    return undefined;
  }
  const told = await client.call(orderStatusCall(order.eventId));
  if (!told.ok) {
    if (told.refusal.reason !== "unknown-event") return told.refusal;
    await lose(following, unknownEvent);
    return undefined;
  }
  const status = told.value;
  if (status.state !== "pending") {
    await (status.state === "complete" ? complete(following, status) : fail(following, status));
    return undefined;
  }
  if (now - order.sentAt >= orderLastsMs) {
    await lose(following, tooSlow);
    return undefined;
  }
  const looks = order.looks + 1;
  const nextAt = nextLookAfter(order.looks, order.sentAt, now);
  const db = openDb(env.DB);
  await applyTogether(db, [setOrder(db, order.id, { looks, nextAt })]);
  return undefined;
}

const isOfUsers = ({ what }: LicenceOrderRow): boolean =>
  what === "create" || what === "update" || what === "retire";

async function complete({ env, row, order, now }: Following, { failures }: OrderStatus): Promise<void> {
  const db = openDb(env.DB);
  const done = setOrder(db, order.id, { state: "complete", failures, trouble: null, ...over(now) });
  if (isOfUsers(order)) {
    const again = setLocation(db, row.name, { usersDueAt: now });
    await applyTogether(db, [userOrderDone(db, order.id), again, done]);
    return;
  }
  const through =
    order.what === "associate" ? [orderHeld(db, order.id, now)] : orderFreed(db, row.name, order.id, now);
  const refused = failures.length > 0 ? await troubles(db, order, failures, now) : [];
  await applyTogether(db, [tellDevicesOfOrder(db, order.id, now), ...refused, ...through, done]);
  await startAssigning(env);
}

async function fail({ env, row, order, now }: Following, { failures }: OrderStatus): Promise<void> {
  const db = openDb(env.DB);
  const [first] = failures;
  const trouble = first ? troubleOfError(first) : failedWithoutWords;
  const detail = { location: row.name, order: order.id, what: order.what, reason: trouble.reason };
  // A part of it may be done: the list shows it before anything is tried again.
  const readAgain = setLocation(
    db,
    row.name,
    isOfUsers(order) ? { usersDueAt: now } : { assignmentsDueAt: now },
  );
  await announceAll(env, [{ name: "content.order_failed", detail }], now, [
    tellDevicesOfOrder(db, order.id, now),
    ...(await troubles(db, order, failures, now)),
    setOrder(db, order.id, { state: "failed", failures, trouble, ...over(now) }),
    readAgain,
  ]);
  await startAssigning(env);
}

const over = (now: number) => ({ nextAt: null, finishedAt: now });

/** What Apple's errors mean for each licence or user of the order. */
async function troubles(
  db: Db,
  order: LicenceOrderRow,
  failures: OrderStatus["failures"],
  now: number,
): Promise<Statement[]> {
  const { location } = order;
  const again = (tries: number) => now + licenceAgainAfter(tries);
  if (isOfUsers(order)) {
    const users = await usersOfOrder(db, order.id);
    const ids = users.map(({ clientUserId }) => clientUserId);
    const dueAt = again(users[0]?.tries ?? 1);
    return [
      userOrderFailed(db, location, ids, failedWithoutWords, dueAt),
      ...failures.map((error) => {
        const trouble = troubleOfError(error);
        const named = error.clientUserIds.length > 0 ? error.clientUserIds : ids;
        return userOrderFailed(db, location, named, trouble, isLasting(trouble) ? null : dueAt);
      }),
    ];
  }
  const rows = await licencesOfOrder(db, order.id);
  const keys = rows.map(keyOf);
  const dueAt = again(rows[0]?.tries ?? 1);
  const others = failures.length === 0 ? keys : [];
  return [
    ...orderFailed(db, location, others, failedWithoutWords, dueAt),
    ...failures.flatMap((error) => {
      const trouble = troubleOfError(error);
      return orderFailed(db, location, blamed(keys, error), trouble, isLasting(trouble) ? null : dueAt);
    }),
  ];
}

/** Nobody knows what became of it: the lists are read, and what is still to be done is ordered again. */
async function lose({ env, row, order, now }: Following, trouble: AdeTrouble): Promise<void> {
  const db = openDb(env.DB);
  const released = isOfUsers(order)
    ? userOrderFailed(
        db,
        row.name,
        (await usersOfOrder(db, order.id)).map(({ clientUserId }) => clientUserId),
        trouble,
        now,
      )
    : releaseOrder(db, order.id, now);
  await applyTogether(db, [
    released,
    setOrder(db, order.id, { state: "lost", trouble, ...over(now) }),
    setLocation(db, row.name, isOfUsers(order) ? { usersDueAt: now } : { assignmentsDueAt: now }),
  ]);
}

const byItself = "Nothing to do: what Apple has is read again, and what is missing is ordered again.";
const noAnswer: AdeTrouble = {
  reason: "answer-lost",
  code: null,
  detail: "Apple's answer was lost",
  remedy: byItself,
};
const unknownEvent: AdeTrouble = {
  reason: "unknown-event",
  code: "9708",
  detail: "Apple does not know the order any more",
  remedy: byItself,
};
const tooSlow: AdeTrouble = {
  reason: "too-slow",
  code: null,
  detail: "Apple did not end the order within ten minutes",
  remedy: byItself,
};
const failedWithoutWords: AdeTrouble = {
  reason: "order-failed",
  code: null,
  detail: "Apple did not do it and did not say why",
  remedy: "Nothing to do: it is tried again.",
};
