import { troubleOf } from "../apple-business/trouble.ts";
import { orderCall, serviceConfigCall, usersOrderCall } from "../apps-and-books/calls.ts";
import type { ContentClient } from "../apps-and-books/client.ts";
import { type ContentLimits, carefulLimits } from "../apps-and-books/limits.ts";
import type { ContentRefusal } from "../apps-and-books/refusals.ts";
import type { Result } from "../base/result.ts";
import { minute } from "../base/time.ts";
import { type ContentLocationRow, setLocation } from "../db/content-locations.ts";
import { type ContentUserRow, putUsersIntoOrder, userOrderFailed, usersDue } from "../db/content-users.ts";
import { applyTogether, type Statement } from "../db/directory.ts";
import { insertOrder, type LicenceOrderRow, setOrder } from "../db/licence-orders.ts";
import { openDb } from "../db/open.ts";
import { licencesDue, orderFailed, putIntoOrder } from "../db/ordered-licences.ts";
import { blamed, isLasting } from "./blame.ts";
import { keysOf, planOrder } from "./plan-order.ts";
import { licenceAgainAfter, limitsForMs, nextLookAfter } from "./times.ts";

/**
 * What is due goes to Apple, one order at a time. It is written down before it is sent: after a kill in between, the lists
 * show whether Apple has it.
 */
export type Sent = { refusal: ContentRefusal | undefined };

type Sending = { env: Env; row: ContentLocationRow; client: ContentClient; now: number };

/** Two hundred devices with thirty apps. */
const rowsPlanned = 6_000;
/** By then the answer has come, or will not. */
const answerWithinMs = 2 * minute;

/** undefined: nothing is due. */
export async function sendLicences(sending: Sending): Promise<Sent | undefined> {
  const { env, row, client, now } = sending;
  const db = openDb(env.DB);
  const due = await licencesDue(db, row.name, now, rowsPlanned);
  if (due.length === 0) return undefined;
  const limits = await presentLimits(sending);
  if ("refusal" in limits) return limits;
  const planned = planOrder(due, limits);
  if (!planned) return undefined;
  const keys = keysOf(planned);
  const { what, assets, holderKind, holders } = planned;
  const order = newOrder(row.name, what, assets, holders.length, now);
  await applyTogether(db, [insertOrder(db, order), ...putIntoOrder(db, row.name, keys, order.id)]);
  const answer = await client.call(
    orderCall(what, {
      assets,
      serialNumbers: holderKind === "device" ? holders : [],
      clientUserIds: holderKind === "user" ? holders : [],
    }),
  );
  const tries = due[0]?.tries ?? 0;
  return settle(sending, order, answer, (refusal, trouble) => {
    const named = refusal.error && refusal.retry === "never" ? blamed(keys, refusal.error) : [];
    const again = refusal.retry === "never" ? now + licenceAgainAfter(tries + 1) : now;
    const isOfAll = named.length === 0 || named.length === keys.length;
    return [
      ...orderFailed(db, row.name, keys, trouble, isOfAll ? (isLasting(trouble) ? null : again) : now),
      ...(isOfAll
        ? []
        : orderFailed(
            db,
            row.name,
            named,
            trouble,
            isLasting(trouble) ? null : now + licenceAgainAfter(tries + 1),
          )),
    ];
  });
}

export async function sendUsers(sending: Sending): Promise<Sent | undefined> {
  const { env, row, client, now } = sending;
  const db = openDb(env.DB);
  const limits = row.limits ?? carefulLimits;
  const due = await usersDue(db, row.name, now, limits.users);
  const what = due[0]?.intent;
  if (!what) return undefined;
  const users = due.filter(({ intent }) => intent === what);
  const ids = users.map(({ clientUserId }) => clientUserId);
  const order = newOrder(row.name, what, [], users.length, now);
  await applyTogether(db, [insertOrder(db, order), putUsersIntoOrder(db, row.name, ids, order.id)]);
  const answer = await client.call(usersOrderCall(what, users.map(what === "retire" ? onlyId : asGiven)));
  const again = now + licenceAgainAfter((users[0]?.tries ?? 0) + 1);
  return settle(sending, order, answer, (refusal, trouble) => {
    const dueAt = refusal.retry !== "never" ? now : isLasting(trouble) ? null : again;
    return [userOrderFailed(db, row.name, ids, trouble, dueAt)];
  });
}

const onlyId = ({ clientUserId }: ContentUserRow) => ({ clientUserId });
const asGiven = ({ clientUserId, email, managedAppleId }: ContentUserRow) => ({
  clientUserId,
  ...(email !== null && { email }),
  ...(managedAppleId !== null && { managedAppleId }),
});

async function presentLimits({
  env,
  row,
  client,
  now,
}: Sending): Promise<ContentLimits | { refusal: ContentRefusal }> {
  if (row.limits && (row.limitsAt ?? 0) > now - limitsForMs) return row.limits;
  const told = await client.call(serviceConfigCall());
  if (!told.ok) return { refusal: told.refusal };
  const { limits, invitationUrl = null } = told.value;
  const db = openDb(env.DB);
  await applyTogether(db, [setLocation(db, row.name, { limits, limitsAt: now, invitationUrl })]);
  return limits;
}

const newOrder = (
  location: string,
  what: LicenceOrderRow["what"],
  assets: LicenceOrderRow["assets"],
  holders: number,
  now: number,
): LicenceOrderRow => ({
  id: crypto.randomUUID(),
  location,
  what,
  assets,
  holders,
  state: "sending",
  eventId: null,
  failures: null,
  trouble: null,
  sentAt: now,
  looks: 0,
  nextAt: now + answerWithinMs,
  finishedAt: null,
});

async function settle(
  { env, row, now }: Sending,
  order: LicenceOrderRow,
  answer: Result<string, ContentRefusal>,
  undo: (refusal: ContentRefusal, trouble: ReturnType<typeof troubleOf>) => Statement[],
): Promise<Sent> {
  const db = openDb(env.DB);
  if (answer.ok) {
    const nextAt = nextLookAfter(0, now, now);
    await applyTogether(db, [
      setOrder(db, order.id, { state: "running", eventId: answer.value, nextAt, looks: 1 }),
    ]);
    return { refusal: undefined };
  }
  const { refusal } = answer;
  const trouble = troubleOf(refusal);
  // Without an answer Apple may have it: the lists will show.
  if (isUnclear(refusal)) {
    await applyTogether(db, [setOrder(db, order.id, { trouble })]);
    return { refusal };
  }
  await applyTogether(db, [
    ...undo(refusal, trouble),
    setOrder(db, order.id, { state: "failed", trouble, nextAt: null, finishedAt: now }),
    ...(refusal.retry === "limits" ? [setLocation(db, row.name, { limitsAt: null })] : []),
    ...(refusal.reason === "unknown-user" ? [setLocation(db, row.name, { usersDueAt: now })] : []),
  ]);
  return { refusal: refusal.retry === "backoff" || refusal.retry === "schedule" ? refusal : undefined };
}

const isUnclear = ({ reason }: ContentRefusal): boolean =>
  reason === "no-answer-in-time" ||
  reason === "unreachable" ||
  reason === "apple-unavailable" ||
  reason === "unreadable-answer";
