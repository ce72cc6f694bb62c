import { loadSettings } from "../../admin/settings.ts";
import { day } from "../../base/time.ts";
import { applyTogether } from "../../db/directory.ts";
import {
  giveUpOfLeft,
  type HolderKind,
  holdersOf,
  leftAmong,
  locationsOfLeft,
} from "../../db/left-licences.ts";
import { openDb } from "../../db/open.ts";
import { openLocation } from "../../licences/object.ts";
import { type JobKind, jobKind } from "../job-kind.ts";

/**
 * Devices and people that left give their licences back, some days later: a device that is erased and enrolled again finds
 * them as they were. The licences are written down as given up; the objects of their locations tell Apple.
 */
type Cursor = { kind: HolderKind; after: string };

const holdersAPage = 500;

export const leftLicences: JobKind = jobKind<Cursor>(
  { kind: "device", after: "" },
  async (env, { kind, after }, now) => {
    const db = openDb(env.DB);
    const { free_licences_after_days: days } = await loadSettings(env, now);
    if (days === null) return { counts: {}, remarks: [], ends: "done", outcome: "the settings say never" };
    const holders = await holdersOf(db, kind, after, holdersAPage);
    const left = await leftAmong(db, kind, holders, now - days * day);
    for (const name of left.length > 0 ? await locationsOfLeft(db, kind, left) : []) {
      await applyTogether(db, giveUpOfLeft(db, name, kind, left, now));
      await openLocation(env, name).wake(true);
    }
    const done = { counts: { checked: holders.length, left: left.length }, remarks: [] };
    const last = holders.length === holdersAPage ? holders.at(-1) : undefined;
    if (last !== undefined) return { ...done, next: { kind, after: last } };
    if (kind === "device") return { ...done, next: { kind: "user", after: "" } };
    return { ...done, ends: "done", outcome: "all who have licences were looked at" };
  },
);
