import { mapInFlight } from "../../base/in-flight.ts";
import { deleteChanges, dueChanges, retryDevice } from "../../db/assignment-changes.ts";
import { devicesWith, takeSet } from "../../db/channel-sets.ts";
import { applyTogether, type Statement } from "../../db/directory.ts";
import { type Db, openDb } from "../../db/open.ts";
import { askDevice, devicesAPage, mostInFlight } from "../ask-device.ts";
import { jobKind } from "../kind.ts";
import type { Page } from "../run.ts";
import { nextWork, type Work } from "./plan.ts";

/**
 * Tells devices that what they should have may be another than before: each then looks for itself. A note is deleted
 * when all whom it concerns have been told; a device that did not answer gets a note of its own, for later.
 */
type Walk = Exclude<Work, { does: "tell" }>;
type Cursor = { walk: null } | { walk: Walk; after: string };
type Told = Pick<Page<Cursor>, "counts" | "remarks"> & { retries: Statement[] };

const changesAPage = 200;
const firstRetryMs = 60_000;
const longestRetryMs = 24 * 60 * 60_000;
/** Each page waits for devices, not for the database: others have it meanwhile. */
const pauseMs = 0;

export const assign = jobKind<Cursor>({ walk: null }, (env, cursor, now) =>
  cursor.walk === null ? begin(env, now) : step(env, cursor.walk, cursor.after, now),
);

async function begin(env: Env, now: number): Promise<Page<Cursor>> {
  const db = openDb(env.DB);
  const work = nextWork(await dueChanges(db, now, changesAPage));
  if (work === undefined) return { counts: {}, remarks: [], ends: "done", outcome: "every device was told" };
  if (work.does !== "tell") return { counts: {}, remarks: [], next: { walk: work, after: "" }, pauseMs };
  const { retries, ...told } = await tellAll(env, db, work.devices, now);
  await applyTogether(db, [deleteChanges(db, work.changes), ...retries]);
  return { ...told, next: { walk: null }, pauseMs };
}

async function step(env: Env, walk: Walk, after: string, now: number): Promise<Page<Cursor>> {
  const db = openDb(env.DB);
  const ids = await devicesWith(db, setNamesOf(walk), devicesAPage, after);
  const last = ids.at(-1);
  const devices = ids.map((deviceId) => ({ deviceId, quiet: walk.quiet, attempts: 0 }));
  // Before they are told: a device that looks finds it gone.
  if (walk.does === "remove" && last !== undefined) await applyTogether(db, [takeSet(db, walk.setName, ids)]);
  const { retries, ...told } = await tellAll(env, db, devices, now);
  const isOver = last === undefined || ids.length < devicesAPage;
  await applyTogether(db, [...retries, ...(isOver ? [deleteChanges(db, walk.changes)] : [])]);
  return { ...told, next: isOver ? { walk: null } : { walk, after: last }, pauseMs };
}

const setNamesOf = (walk: Walk): string[] => (walk.does === "walk" ? walk.setNames : [walk.setName]);

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
