import { hour } from "../base/time.ts";
import type { Accepted, RingCounts, RolloutPlan } from "../db/schema/rollouts.ts";

/**
 * What becomes of a rollout, decided only from values: it waits, opens its next ring, halts, or is finished.
 */
export type Standing = {
  plan: RolloutPlan;
  /** The last open ring. */
  ring: number;
  openedAt: readonly number[];
  accepted: readonly Accepted[];
};

export type Verdict =
  | { does: "wait" }
  | { does: "open" }
  | { does: "finish" }
  | { does: "halt"; reason: string; ring: number };

export const noCounts: RingCounts = {
  ...{ devices: 0, reached: 0, succeeded: 0, failed: 0, silent: 0, waiting: 0, notApplicable: 0 },
};

export function judge(
  { plan, ring, openedAt, accepted }: Standing,
  counts: readonly RingCounts[],
  now: number,
): Verdict {
  const devices = counts.reduce((sum, one) => sum + one.devices, 0);
  if (devices === 0) return { does: "finish" };
  for (let index = 0; index <= ring; index += 1) {
    const found = counts[index] ?? noCounts;
    const reason = excess(found, plan, accepted[index]);
    if (reason !== undefined) return { does: "halt", reason: `ring ${index + 1}: ${reason}`, ring: index };
  }
  // Rings without devices that come later hold nothing back.
  const isLast = counts.slice(ring + 1).every((later) => later.devices === 0);
  const open = counts[ring] ?? noCounts;
  // A ring without devices has nothing to tell.
  const isOver =
    open.devices === 0 ||
    (isLast && counts.every(isAllWell)) ||
    now >= beganAt({ openedAt, accepted }, ring, now) + plan.hours * hour;
  if (!isOver) return { does: "wait" };
  return { does: isLast ? "finish" : "open" };
}

/** Since when the time of a ring runs: since it was opened, or since somebody resumed the rollout. */
export const beganAt = (
  { openedAt, accepted }: Pick<Standing, "openedAt" | "accepted">,
  ring: number,
  now: number,
): number => Math.max(openedAt[ring] ?? now, accepted[ring]?.at ?? 0);

/** Every device has it. */
const isAllWell = ({ devices, succeeded, notApplicable }: RingCounts): boolean =>
  succeeded + notApplicable === devices;

function excess(
  { reached, notApplicable, failed, silent }: RingCounts,
  { maxFailedPercent, maxSilentPercent }: RolloutPlan,
  accepted: Accepted = { failed: 0, silent: 0, at: 0 },
): string | undefined {
  const meant = reached - notApplicable;
  if (isOver(failed - accepted.failed, meant, maxFailedPercent))
    return `${failed} of ${meant} devices failed`;
  if (isOver(silent - accepted.silent, meant, maxSilentPercent))
    return `${silent} of ${meant} devices did not answer`;
  return undefined;
}

const isOver = (count: number, of: number, percent: number): boolean =>
  count > 0 && count * 100 > of * percent;
