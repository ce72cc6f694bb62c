import { type DeviceOutcome, throttledSeconds } from "../ade/device-calls.ts";
import { day, hour, minute, second } from "../base/time.ts";

/**
 * What is to be done for the profile of one device: Apple's state is held against the one wanted.
 *
 * The surprise: assigning too often is what makes Apple refuse (THROTTLED), and our own assignment comes back as a
 * change. So whatever Apple says, each further try of the same assignment waits longer, and a week without one starts over.
 */
export type DeviceState = {
  profileStatus: string | null;
  profileUuid: string | null;
  assignedAt: number | null;
  assignedUuid: string | null;
  assignOutcome: string | null;
  assignTries: number;
  checkAt: number | null;
};

export type Verdict = { do: "nothing" } | { do: "wait"; until: number } | { do: "assign" };

/** `uuid`: of the profile that it should have; undefined: nobody says which. */
export function checkDevice(device: DeviceState, uuid: string | undefined, now: number): Verdict {
  if (uuid === undefined || hasProfile(device, uuid)) return { do: "nothing" };
  const until = nextTryAt(device, uuid, now);
  return until > now ? { do: "wait", until } : { do: "assign" };
}

/** `removed` is what a device says that lost its profile in Apple's portal, or was given none. */
const hasProfile = ({ profileUuid, profileStatus }: DeviceState, uuid: string): boolean =>
  profileUuid === uuid && (profileStatus === "assigned" || profileStatus === "pushed");

function nextTryAt(device: DeviceState, uuid: string, now: number): number {
  const { assignedAt, assignOutcome, checkAt } = device;
  if (assignedAt === null) return 0;
  // Apple throttles devices, whichever profile it is.
  if (assignOutcome === "THROTTLED") return checkAt ?? 0;
  const tries = triesOf(device, uuid, now);
  return tries === 0 ? 0 : assignedAt + pause(tries);
}

export function triesOf(device: DeviceState, uuid: string, now: number): number {
  const { assignedAt, assignedUuid, assignTries } = device;
  return assignedUuid !== uuid || assignedAt === null || assignedAt < now - 7 * day ? 0 : assignTries;
}

const pauses = [15 * minute, hour, 4 * hour];

const pause = (tries: number): number => pauses[tries - 1] ?? day;

/** When a device is looked at again, after so many tries; null: not before Apple tells something new of it. */
export function checkAfter(
  outcome: DeviceOutcome,
  tries: number,
  retryAfterSeconds: number | undefined,
  now: number,
): number | null {
  switch (outcome) {
    case "SUCCESS":
    case "NOT_ACCESSIBLE":
      return null;
    case "THROTTLED":
      return now + (retryAfterSeconds ?? throttledSeconds) * second;
    case "FAILED":
      return now + Math.max(hour, pause(tries));
  }
}
