import { hour, minute } from "../../base/time.ts";
import type { ListedDevice } from "../../db/fleet.ts";
import type { DeviceSurvey } from "../../device/transfer/survey.ts";

/**
 * What to do about one device: nothing (`right`); wait, because its events are on their way (`in-transit`); make it
 * deliver events that have waited too long (`deliver`); make it send everything again (`announce`). A row without an
 * object (`no-object`) is corrected when its device connects, or by a person: notes and tags are in no object.
 */
export type Finding = "right" | "in-transit" | "deliver" | "announce" | "no-object" | "never-enrolled";

/** A delivery takes a second, and half a minute after a fault of D1. */
const stuckAfterMs = 5 * minute;
/** Both sides keep the time to the hour. */
const seenToleranceMs = hour;

export function compare(
  listed: ListedDevice | undefined,
  survey: DeviceSurvey | undefined,
  now: number,
): Finding {
  if (survey === undefined) return listed === undefined ? "never-enrolled" : "no-object";
  const { undeliveredSince } = survey;
  if (undeliveredSince !== null) return undeliveredSince + stuckAfterMs < now ? "deliver" : "in-transit";
  return listed !== undefined && agree(listed, survey) ? "right" : "announce";
}

const agree = (listed: ListedDevice, survey: DeviceSurvey): boolean =>
  listed.state === survey.state &&
  listed.generation === survey.generation &&
  Math.abs((survey.lastSeenAt ?? 0) - (listed.lastSeenAt ?? 0)) <= seenToleranceMs &&
  channelsOf(listed) === channelsOf(survey);

const channelsOf = ({ channels }: Pick<ListedDevice, "channels">): string =>
  JSON.stringify(channels.map(({ userId, enabled }) => [userId, enabled]).sort());
