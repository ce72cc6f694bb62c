import { day, minute } from "../base/time.ts";
import type { AppUpdates } from "./app.ts";

/** Whether an app may be updated now, by the clock of the device. Its window may lie over midnight. */
export function mayUpdate(updates: AppUpdates, timeZone: string | undefined, now: number): boolean {
  if (typeof updates === "string") return updates === "always";
  const at = minutesOfDay(timeZone, now);
  const { from, until } = updates;
  return from <= until ? from <= at && at < until : at >= from || at < until;
}

/** When the window opens next; undefined: it is open, or there is none. */
export function nextWindowAt(
  updates: AppUpdates,
  timeZone: string | undefined,
  now: number,
): number | undefined {
  if (typeof updates === "string" || mayUpdate(updates, timeZone, now)) return undefined;
  const wait = (updates.from - minutesOfDay(timeZone, now) + 1440) % 1440;
  return Math.min(now + wait * minute, now + day);
}

/** A device that has not told its time zone, or tells one that nobody knows, counts as one at Greenwich. */
function minutesOfDay(timeZone: string | undefined, now: number): number {
  const [hour, minute_] = partsAt(timeZone ?? "UTC", now) ?? partsAt("UTC", now) ?? [0, 0];
  return hour * 60 + minute_;
}

function partsAt(timeZone: string, now: number): [hour: number, minute: number] | undefined {
  try {
    const format = new Intl.DateTimeFormat("en-GB", {
      timeZone,
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
    const [hour = 0, minute_ = 0] = format.format(now).split(":").map(Number);
    return [hour, minute_];
  } catch {
    return undefined;
  }
}
