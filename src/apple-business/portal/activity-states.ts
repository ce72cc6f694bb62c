import { timeOf } from "../../ade/device.ts";
import { day, minute, second } from "../../base/time.ts";
import type { ActivityOrder } from "../../business-api/activity.ts";
import type { OrgDevice } from "../../business-api/device.ts";
import { type BusinessRefusal, concernsKey } from "../../business-api/refusals.ts";
import type { PortalActivityRow } from "../../db/portal-activities.ts";

/**
 * How an activity goes on, from values alone. It waits, is sent, runs at Apple for minutes, and is over. What may have
 * reached Apple without an answer is looked for at the devices before it is sent again.
 */
export const orderOf = ({ what, serverId, deadline }: PortalActivityRow): ActivityOrder => {
  if (what === "cancel") return { what };
  if (what === "deadline") return { what, deadline: deadline ?? 0 };
  return { what, serverId: serverId ?? "", deadline: deadline ?? undefined };
};

/** Apple may have it, and shows it at the devices only after a while. */
export const lookAfterMs = 2 * minute;
export const looksBeforeAgain = 2;

/** What was confirmed today is not done next week. */
const waitsAtMostMs = day;
export const isTooLate = ({ createdAt, state }: PortalActivityRow, now: number): boolean =>
  state === "waiting" && now - createdAt > waitsAtMostMs;

/** What a refusal says of an order: Apple has not taken it, may have taken it, or will never take it. */
export function afterRefusedOrder(refusal: BusinessRefusal): "again" | "unclear" | "never" {
  if (refusal.reason === "too-many-requests" || concernsKey(refusal)) return "again";
  return refusal.retry === "backoff" ? "unclear" : "never";
}

/** From 15 seconds on to five minutes, a quarter of its age. */
export const lookAgainAfter = ({ sentAt }: PortalActivityRow, now: number): number =>
  Math.min(Math.max((now - (sentAt ?? now)) / 4, 15 * second), 5 * minute);

/** Whether a device shows what was ordered for it. */
export function hasArrived(activity: PortalActivityRow, device: OrgDevice, serverId: string): boolean {
  const deadline = timeOf(device.mdmMigrationDeadlineDateTime);
  const isDeadline = activity.deadline !== null && sameSecond(deadline, activity.deadline);
  switch (activity.what) {
    case "move":
      return serverId === activity.serverId && (activity.deadline === null || isDeadline);
    case "deadline":
      return isDeadline;
    case "cancel":
      return deadline === undefined && device.mdmMigrationStatus !== "REQUESTED";
  }
}

const sameSecond = (one: number | undefined, other: number): boolean =>
  one !== undefined && Math.floor(one / second) === Math.floor(other / second);
