import type { Channel } from "../../db/memberships.ts";

/** An enrollment id names a device, or a user of one after the first colon. */
export function channelOf(enrollmentId: string): Channel {
  const at = enrollmentId.indexOf(":");
  if (at < 0) return { deviceId: enrollmentId, userId: "" };
  return { deviceId: enrollmentId.slice(0, at), userId: enrollmentId.slice(at + 1) };
}
