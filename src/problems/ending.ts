import { day } from "../base/time.ts";
import type { Urgency } from "./problem.ts";

/** How near an end is. There is one reminder at each step. */
export type Ending = { stage: number; urgency: Urgency; daysLeft: number };

/** Undefined: the end is far away. The stage is the number of days of the reached step; 0: it has ended. */
export function endingOf(endsAt: number, steps: readonly number[], now: number): Ending | undefined {
  const daysLeft = Math.floor((endsAt - now) / day);
  if (endsAt <= now) return { stage: 0, urgency: "urgent", daysLeft };
  const stage = steps.findLast((days) => endsAt - now <= days * day);
  return stage === undefined ? undefined : { stage, urgency: urgencyOf(stage), daysLeft };
}

function urgencyOf(days: number): Urgency {
  if (days <= 7) return "urgent";
  return days <= 30 ? "soon" : "notice";
}
