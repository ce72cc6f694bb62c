import type { ContentAsset } from "../apps-and-books/asset.ts";
import type { Assignment } from "../apps-and-books/assignment.ts";
import { assetsCall, assignmentsCall, type ContentCall, usersCall } from "../apps-and-books/calls.ts";
import type { ContentClient } from "../apps-and-books/client.ts";
import type { ContentPage } from "../apps-and-books/page.ts";
import type { ContentRefusal } from "../apps-and-books/refusals.ts";
import type { ContentUser } from "../apps-and-books/user.ts";
import { day, minute } from "../base/time.ts";
import { tellDevicesOf } from "../db/app-licences.ts";
import {
  dropAssetsUnseen,
  endContradictions,
  noteContradictions,
  readAllWhereCountsDiffer,
  saveAssets,
} from "../db/content-assets.ts";
import {
  type ContentLocationColumns,
  type ContentLocationRow,
  setLocation,
} from "../db/content-locations.ts";
import { dropOldNotifications } from "../db/content-notifications.ts";
import { dropUsersUnseen, saveUsers } from "../db/content-users.ts";
import { applyTogether, type Statement } from "../db/directory.ts";
import { freeUnseen, noteHeld } from "../db/listed-licences.ts";
import { type Db, openDb } from "../db/open.ts";
import type { ContentRun } from "../db/schema/licences.ts";
import { noteStoreItems, usualCountry } from "../db/store-items.ts";
import { tryAgainWhereAvailable } from "../db/waiting-licences.ts";
import { startAssigning } from "../library/start-assigning.ts";
import { assetsEveryMs, changesEveryMs, fullEveryMs } from "./times.ts";

/**
 * A location's lists, one page at a time: each is written in one step with the place of the next, so a kill at any moment
 * repeats a page at most.
 *
 * The surprise: what is written at Apple meanwhile shifts the pages. Assignments and users are then asked for once more, by
 * the version that the first page had; assets have no versions, and are read again the next night.
 */
/** Apple repeats one for minutes. */
const notificationsKeptMs = 7 * day;
const mostDropped = 5_000;
/** Counts that are older say nothing of the licences that are listed now. */
const countsFreshMs = 10 * minute;

export function dueRun(row: ContentLocationRow, now: number): ContentRun | undefined {
  if (row.run) return row.run;
  const isFull = row.fullDueAt <= now;
  if (row.assetsDueAt <= now) return begin("assets", null, now);
  if (row.assignmentsDueAt <= now) return begin("assignments", isFull ? null : row.assignmentsVersion, now);
  if (row.usersDueAt <= now) return begin("users", isFull ? null : row.usersVersion, now);
  return undefined;
}

const begin = (list: ContentRun["list"], since: string | null, startedAt: number): ContentRun => ({
  list,
  page: 0,
  since,
  versionId: null,
  startedAt,
});

type Read = { env: Env; row: ContentLocationRow; client: ContentClient; run: ContentRun; now: number };

export function readOnePage(read: Read): Promise<ContentRefusal | undefined> {
  switch (read.run.list) {
    case "assets":
      return readPage(assets, read);
    case "assignments":
      return readPage(assignments, read);
    case "users":
      return readPage(users, read);
  }
}

async function readPage<Item>(list: ContentList<Item>, read: Read): Promise<ContentRefusal | undefined> {
  const { env, row, client, run, now } = read;
  const db = openDb(env.DB);
  const page = await client.call(list.call(run));
  if (!page.ok) {
    if (page.refusal.retry !== "restart") return page.refusal;
    // The place or the version is not known any more: the list is read from its beginning.
    await applyTogether(db, [setLocation(db, row.name, { run: null, ...list.forget })]);
    return run.page > 0 || run.since !== null ? undefined : page.refusal;
  }
  const { items, next, versionId } = page.value;
  const version = run.versionId ?? versionId ?? null;
  const saved = list.save(db, row, items, now);
  const isNewsForDevices = run.list === "assignments" && items.length > 0;
  if (next !== undefined) {
    const place = { run: { ...run, page: next, versionId: version } };
    await applyTogether(db, [...saved, setLocation(db, row.name, place)]);
    if (isNewsForDevices) await startAssigning(env);
    return undefined;
  }
  const isShifted = version !== null && versionId !== undefined && versionId !== version;
  const isWhole = run.since === null && !isShifted;
  const columns = {
    run: isShifted && list.hasVersions ? begin(run.list, version, now) : null,
    ...list.ended(row, version, now),
  };
  await applyTogether(db, [
    ...saved,
    // Only pages that fit together show what is there no more.
    ...(isWhole || !list.hasVersions ? list.sweep(db, row, run.startedAt, now) : []),
    setLocation(db, row.name, columns),
  ]);
  if (isNewsForDevices) await startAssigning(env);
  return undefined;
}

type ContentList<Item> = {
  /** Changes since a version may be asked for. */
  hasVersions: boolean;
  call: (run: ContentRun) => ContentCall<ContentPage<Item>>;
  save: (db: Db, row: ContentLocationRow, items: readonly Item[], now: number) => Statement[];
  /** What a list of all, begun then, did not show. */
  sweep: (db: Db, row: ContentLocationRow, startedAt: number, now: number) => Statement[];
  ended: (row: ContentLocationRow, version: string | null, now: number) => ContentLocationColumns;
  forget: ContentLocationColumns;
};

const assets: ContentList<ContentAsset> = {
  hasVersions: false,
  call: ({ page }) => assetsCall(page),
  save: (db, { name, country }, told, now) => {
    const ids = [...new Set(told.map(({ adamId }) => adamId))];
    return [...saveAssets(db, name, told, now), ...noteStoreItems(db, country ?? usualCountry, ids, now)];
  },
  sweep: (db, { name }, startedAt, now) => [
    dropAssetsUnseen(db, name, startedAt),
    tryAgainWhereAvailable(db, name, now),
    readAllWhereCountsDiffer(db, name, now),
    endContradictions(db, name),
    dropOldNotifications(db, now - notificationsKeptMs, mostDropped),
  ],
  ended: (_, __, now) => ({ assetsDueAt: now + assetsEveryMs }),
  forget: {},
};

const assignments: ContentList<Assignment> = {
  hasVersions: true,
  call: ({ page, since }) => assignmentsCall(page, since ?? undefined),
  save: (db, { name }, told, now) => [tellDevicesOf(db, name, told, now), ...noteHeld(db, name, told, now)],
  sweep: (db, { name }, startedAt, now) => [
    ...freeUnseen(db, name, startedAt, now),
    noteContradictions(db, name, startedAt - countsFreshMs, now),
  ],
  ended: (_, assignmentsVersion, now) => ({ assignmentsVersion, assignmentsDueAt: now + changesEveryMs }),
  forget: { assignmentsVersion: null },
};

const users: ContentList<ContentUser> = {
  hasVersions: true,
  call: ({ page, since }) => usersCall(page, since ?? undefined),
  save: (db, { name }, told, now) => saveUsers(db, name, told, now),
  sweep: (db, { name }, startedAt) => [dropUsersUnseen(db, name, startedAt)],
  ended: ({ fullDueAt }, usersVersion, now) => ({
    usersVersion,
    usersDueAt: now + changesEveryMs,
    syncedAt: now,
    ...(fullDueAt <= now && { fullDueAt: now + fullEveryMs }),
  }),
  forget: { usersVersion: null },
};
