import { loadSettings } from "../../admin/settings.ts";
import { day } from "../../base/time.ts";
import { applyTogether } from "../../db/directory.ts";
import { giveUpOfLeft, leftAmong, locationsOf, serialsWithLicences } from "../../db/left-licences.ts";
import { openDb } from "../../db/open.ts";
import { openLocation } from "../../licences/object.ts";
import { type JobKind, jobKind } from "../job-kind.ts";

/**
 * Devices that left give their licences back, some days later: a device that is erased and enrolled again finds them as
 * they were. The licences are written down as given up; the objects of their locations tell Apple.
 */
type Cursor = { after: string };

const serialsAPage = 500;

export const leftLicences: JobKind = jobKind<Cursor>({ after: "" }, async (env, { after }, now) => {
  const db = openDb(env.DB);
  const { free_licences_after_days: days } = await loadSettings(env, now);
  if (days === null) return { counts: {}, remarks: [], ends: "done", outcome: "the settings say never" };
  const serials = await serialsWithLicences(db, after, serialsAPage);
  const left = await leftAmong(db, serials, now - days * day);
  const names = await locationsOf(
    db,
    left.map(({ serial }) => serial),
  );
  for (const name of names) {
    await applyTogether(db, giveUpOfLeft(db, name, left, { now, dueAt: now }));
    await openLocation(env, name).wake(true);
  }
  const counts = { checked: serials.length, left: left.length };
  const last = serials.length === serialsAPage ? serials.at(-1) : undefined;
  return last === undefined
    ? { counts, remarks: [], ends: "done", outcome: "every device with licences was looked at" }
    : { counts, remarks: [], next: { after: last } };
});
