import { type NotificationBody, readNotification } from "../apps-and-books/notification.ts";
import { tellDevicesOf } from "../db/app-licences.ts";
import { countAsset, countAssigned } from "../db/content-assets.ts";
import { type ContentLocationRow, setLocation } from "../db/content-locations.ts";
import { notificationsDone, notificationsWaiting } from "../db/content-notifications.ts";
import { saveUsers } from "../db/content-users.ts";
import { applyTogether, type Statement } from "../db/directory.ts";
import { lookAtEvent, ordersOfEvents } from "../db/licence-orders.ts";
import { noteFreed, noteHeld } from "../db/listed-licences.ts";
import { type Db, openDb } from "../db/open.ts";
import { tryAgainFor } from "../db/waiting-licences.ts";
import { startAssigning } from "../library/start-assigning.ts";

const taken = 20;

/**
 * What Apple told is worked off together with the note that it is. Of an order of ours only Apple's status counts: a
 * notification may come after a later one, so it only says that it is time to ask.
 */
export async function takeNotifications(env: Env, row: ContentLocationRow, now: number): Promise<boolean> {
  const db = openDb(env.DB);
  const waiting = await notificationsWaiting(db, row.name, taken);
  if (waiting.length === 0) return false;
  const told = waiting.map(({ body }) => readNotification(body)).filter((one) => one?.uid === row.uid);
  const events = told.flatMap((one) => (one && "eventId" in one && one.eventId ? [one.eventId] : []));
  const ours = new Set(await ordersOfEvents(db, row.name, events));
  const changes = told.flatMap((one) => (one ? changesOf(db, row.name, one, ours, now) : []));
  const done = notificationsDone(
    db,
    row.name,
    waiting.map(({ id }) => id),
  );
  await applyTogether(db, [...changes, done]);
  if (told.some((one) => one?.type === "assignments")) await startAssigning(env);
  return true;
}

function changesOf(
  db: Db,
  location: string,
  told: NotificationBody,
  ours: ReadonlySet<string>,
  now: number,
): Statement[] {
  switch (told.type) {
    case "assignments":
      return ofAssignments(db, location, told, ours, now);
    case "count":
      return [
        countAsset(db, location, told.asset, told.delta),
        ...(told.delta > 0 ? [tryAgainFor(db, location, told.asset, now)] : []),
      ];
    case "asset-changed":
      return [setLocation(db, location, { assetsDueAt: now })];
    case "users": {
      const { eventId } = told;
      const look =
        eventId !== undefined && ours.has(eventId) ? [lookAtEvent(db, location, eventId, now)] : [];
      return [...saveUsers(db, location, told.users, now), ...look];
    }
    case "test":
    case "other":
      return [];
  }
}

function ofAssignments(
  db: Db,
  location: string,
  { eventId, kind, isSuccess, assignments }: Extract<NotificationBody, { type: "assignments" }>,
  ours: ReadonlySet<string>,
  now: number,
): Statement[] {
  const sign = kind === "associate" ? 1 : -1;
  const byAsset = Map.groupBy(assignments, ({ adamId, pricing }) => `${adamId} ${pricing}`);
  const counts = isSuccess
    ? [...byAsset.values()].flatMap((some) =>
        some[0]
          ? [
              countAssigned(db, location, some[0], sign * some.length),
              ...(kind === "associate" ? [] : [tryAgainFor(db, location, some[0], now)]),
            ]
          : [],
      )
    : [];
  if (eventId !== undefined && ours.has(eventId)) return [...counts, lookAtEvent(db, location, eventId, now)];
  if (!isSuccess) return [];
  const noted =
    kind === "associate"
      ? [tellDevicesOf(db, location, assignments, now), ...noteHeld(db, location, assignments, now)]
      : noteFreed(db, location, assignments, now);
  return [...counts, ...noted];
}
