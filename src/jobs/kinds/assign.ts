import { trustedIdentifiers } from "../../admin/trusted-identifiers.ts";
import { mapInFlight } from "../../base/in-flight.ts";
import { day } from "../../base/time.ts";
import { deleteChanges, devicesChanged, dueChanges, retryDevice } from "../../db/assignment-changes.ts";
import { devicesWith, takeSet } from "../../db/channel-sets.ts";
import { applyTogether, type Statement } from "../../db/directory.ts";
import { compareFilter, findFilter, gainByFilter, loseByFilter } from "../../db/filters.ts";
import { walkEnrolled } from "../../db/fleet.ts";
import { type Db, openDb } from "../../db/open.ts";
import { devicesOfPerson, unlinkDevices } from "../../db/people.ts";
import { askDevice, devicesAPage, mostInFlight } from "../ask-device.ts";
import { jobKind } from "../job-kind.ts";
import type { Page } from "../run.ts";
import { nextWork, type Work } from "./assign-plan.ts";

/**
 * Notifies the objects of devices that what they should have may have changed: each then reconciles. A note is deleted
 * when all affected devices are notified; a device that did not answer gets its own note for later.
 */
type Walk = Exclude<Work, { does: "tell" }>;
type WalkOf<Does> = Extract<Walk, { does: Does }>;
type Cursor = { walk: null } | { walk: Walk; after: string };
type Told = Pick<Page<Cursor>, "counts" | "remarks"> & { retries: Statement[] };

const changesAPage = 200;
/** Most devices that are compared with a filter do not change. */
const fleetAPage = 500;
const firstRetryMs = 60_000;
const longestRetryMs = day;
/** Short: a page waits for devices and not for the database, which others can use in between. */
const pauseMs = 250;

export const assign = jobKind<Cursor>({ walk: null }, (env, cursor, now) =>
  cursor.walk === null ? begin(env, now) : step(env, cursor.walk, cursor.after, now),
);

async function begin(env: Env, now: number): Promise<Page<Cursor>> {
  const db = openDb(env.DB);
  const work = nextWork(await dueChanges(db, now, changesAPage));
  if (work === undefined)
    return { counts: {}, remarks: [], ends: "done", outcome: "every device was notified" };
  if (work.does !== "tell") return { counts: {}, remarks: [], next: { walk: work, after: "" }, pauseMs };
  const { retries, ...told } = await tellAll(env, db, work.devices, now);
  await applyTogether(db, [deleteChanges(db, work.changes), ...retries]);
  return { ...told, next: { walk: null }, pauseMs };
}

function step(env: Env, walk: Walk, after: string, now: number): Promise<Page<Cursor>> {
  switch (walk.does) {
    case "walk":
      return tellHolders(env, walk, after, now);
    case "everyone":
      return tellEveryone(env, walk, after, now);
    case "person":
      return tellDevicesOf(env, walk, after, now);
    case "compare":
      return compare(env, walk, after, now);
    case "remove":
      return remove(env, walk, after, now);
  }
}

async function tellHolders(
  env: Env,
  walk: WalkOf<"walk">,
  after: string,
  now: number,
): Promise<Page<Cursor>> {
  const db = openDb(env.DB);
  const ids = await devicesWith(db, walk.setNames, devicesAPage, after);
  const last = ids.length === devicesAPage ? ids.at(-1) : undefined;
  const devices = ids.map((deviceId) => ({ deviceId, quiet: walk.quiet, attempts: 0 }));
  const { retries, ...told } = await tellAll(env, db, devices, now);
  await applyTogether(db, [...retries, ...endOf(db, walk, last)]);
  return { ...told, ...nextOf(walk, last) };
}

async function tellEveryone(
  env: Env,
  walk: WalkOf<"everyone">,
  after: string,
  now: number,
): Promise<Page<Cursor>> {
  const db = openDb(env.DB);
  const ids = await walkEnrolled(db, after, devicesAPage);
  const last = ids.length === devicesAPage ? ids.at(-1) : undefined;
  const devices = ids.map((deviceId) => ({ deviceId, quiet: walk.quiet, attempts: 0 }));
  const { retries, ...told } = await tellAll(env, db, devices, now);
  await applyTogether(db, [...retries, ...endOf(db, walk, last)]);
  return { ...told, ...nextOf(walk, last) };
}

/** Of a person who was erased, the devices also lose the link. */
async function tellDevicesOf(
  env: Env,
  walk: WalkOf<"person">,
  after: string,
  now: number,
): Promise<Page<Cursor>> {
  const db = openDb(env.DB);
  const ids = await devicesOfPerson(db, walk.personId, devicesAPage, after);
  const last = ids.length === devicesAPage ? ids.at(-1) : undefined;
  // Before a device looks at what it should have.
  await applyTogether(db, [unlinkDevices(db, walk.personId, ids)]);
  const devices = ids.map((deviceId) => ({ deviceId, quiet: walk.quiet, attempts: 0 }));
  const { retries, ...told } = await tellAll(env, db, devices, now);
  await applyTogether(db, [...retries, ...endOf(db, walk, last)]);
  return { ...told, ...nextOf(walk, last) };
}

/** Devices that the filter now matches and did not match before, or the reverse. */
async function compare(env: Env, walk: WalkOf<"compare">, after: string, now: number): Promise<Page<Cursor>> {
  const db = openDb(env.DB);
  const { setName, quiet } = walk;
  const rule = await findFilter(db, setName);
  const identifiers = await trustedIdentifiers(env, now);
  const { last, gains, loses } = await compareFilter(db, setName, rule, identifiers, fleetAPage, after);
  // The note is in the same step: a repeated page would find no difference any more.
  await applyTogether(db, [
    ...(rule && gains.length > 0 ? [gainByFilter(db, rule, gains)] : []),
    ...(loses.length > 0 ? [loseByFilter(db, setName, rule, loses)] : []),
    ...noteOf(db, [...gains, ...loses], { now, quiet }),
    ...endOf(db, walk, last),
  ]);
  return { counts: { gained: gains.length, lost: loses.length }, remarks: [], ...nextOf(walk, last) };
}

async function remove(env: Env, walk: WalkOf<"remove">, after: string, now: number): Promise<Page<Cursor>> {
  const db = openDb(env.DB);
  const { setName, quiet } = walk;
  const ids = await devicesWith(db, [setName], devicesAPage, after);
  const last = ids.length === devicesAPage ? ids.at(-1) : undefined;
  await applyTogether(db, [
    ...(ids.length > 0 ? [takeSet(db, setName, ids)] : []),
    ...noteOf(db, ids, { now, quiet }),
    ...endOf(db, walk, last),
  ]);
  return { counts: { lost: ids.length }, remarks: [], ...nextOf(walk, last) };
}

const noteOf = (db: Db, ids: readonly string[], options: { now: number; quiet: boolean }): Statement[] =>
  ids.length > 0 ? [devicesChanged(db, ids, options)] : [];

const endOf = (db: Db, walk: Walk, last: string | undefined): Statement[] =>
  last === undefined ? [deleteChanges(db, walk.changes)] : [];

const nextOf = (walk: Walk, last: string | undefined): { next: Cursor; pauseMs: number } => ({
  next: last === undefined ? { walk: null } : { walk, after: last },
  pauseMs,
});

async function tellAll(
  env: Env,
  db: Db,
  devices: readonly { deviceId: string; quiet: boolean; attempts: number }[],
  now: number,
): Promise<Told> {
  const answers = await mapInFlight(devices, mostInFlight, async ({ deviceId, quiet, attempts }) => {
    const told = await askDevice(env, deviceId, (device) => device.assignmentChanged({ quiet }));
    if (told.ok) return undefined;
    const dueAt = now + Math.min(firstRetryMs * 2 ** attempts, longestRetryMs);
    return {
      remark: { about: deviceId, detail: told.refusal.detail },
      retry: retryDevice(db, deviceId, { attempts: attempts + 1, quiet, dueAt }),
    };
  });
  const unreached = answers.filter((answer) => answer !== undefined);
  return {
    counts: {
      told: devices.length - unreached.length,
      ...(unreached.length > 0 && { unreachable: unreached.length }),
    },
    remarks: unreached.map(({ remark }) => remark),
    retries: unreached.map(({ retry }) => retry),
  };
}
