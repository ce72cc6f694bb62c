import * as v from "valibot";
import { hour } from "../../../base/time.ts";
import type { RolloutItem, RolloutRow } from "../../../db/rollouts.ts";
import { formerVersion } from "../../../rollouts/held-back.ts";
import { beganAt, noCounts } from "../../../rollouts/judge.ts";
import { ringCount } from "../../../rollouts/rings.ts";
import { isoTime, isoTimeOrNull, Time, TimeOrNull } from "../route/times.ts";

/** How rollouts look in answers. */
const count = v.pipe(v.number(), v.integer());
const told = (description: string) => v.pipe(count, v.description(description));

export const rolloutStates = ["running", "halted", "finished", "cancelled", "replaced"] as const;
export const rolloutKinds = ["profile", "declaration", "set", "policy"] as const;

const RolloutRing = v.pipe(
  v.object({
    ring: told("From 1"),
    percent: v.pipe(
      v.nullable(count),
      v.description(
        "The share of all devices, with the earlier rings; null: a ring of sets, or the last one",
      ),
    ),
    sets: v.pipe(v.nullable(v.array(v.string())), v.description("The devices that have one of these sets")),
    opened_at: v.pipe(TimeOrNull, v.description("null: it is not open")),
    devices: told("How many devices are in it"),
    reached: told("The ring is open for them"),
    succeeded: told("They have it"),
    failed: told("They refused it, or it cannot be delivered"),
    silent: told("They have not answered within the hours of the plan"),
    waiting: told("They may still answer"),
    not_applicable: told("It is nothing for them; they do not count"),
  }),
  v.title("RolloutRing"),
);

const entries = {
  id: v.string(),
  kind: v.pipe(v.picklist(rolloutKinds), v.description("What changes")),
  subject: v.pipe(v.string(), v.description("Its identifier or name")),
  state: v.picklist(rolloutStates),
  reason: v.pipe(v.nullable(v.string()), v.description("Why it halted")),
  ring: told("The last open ring; 0: its devices are still being counted"),
  rings: v.array(RolloutRing),
  next_ring_at: v.pipe(TimeOrNull, v.description("When the next ring opens at the earliest")),
  counted_at: v.pipe(TimeOrNull, v.description("How old the numbers are")),
  plan: v.object({
    hours: count,
    silent_hours: count,
    max_failed_percent: count,
    max_silent_percent: count,
  }),
  created_at: Time,
  created_by: v.pipe(v.string(), v.description("The id of a token")),
  ended_at: TimeOrNull,
  ended_by: v.pipe(
    v.nullable(v.string()),
    v.description("The id of a token, or `rollouts`: it ended by itself"),
  ),
};

export const RolloutJson = v.pipe(v.object(entries), v.title("Rollout"));

const RolloutChange = v.pipe(
  v.object({
    kind: v.picklist(["profile", "declaration"]),
    identifier: v.string(),
    change: v.pipe(
      v.picklist(["version", "added", "removed"]),
      v.description("What is different for a device"),
    ),
    set: v.pipe(v.nullable(v.string()), v.description("The set whose content changes")),
    version: v.nullable(count),
    former_version: v.nullable(count),
  }),
  v.title("RolloutChange"),
);

export const RolloutDetail = v.pipe(
  v.object({ ...entries, changes: v.array(RolloutChange) }),
  v.title("RolloutDetail"),
);

export function presentRollout(row: RolloutRow): v.InferInput<typeof RolloutJson> {
  const { plan } = row;
  return {
    id: row.id,
    kind: row.kind,
    subject: row.subject,
    state: row.state,
    reason: row.reason,
    ring: row.ring + 1,
    rings: Array.from({ length: ringCount(plan) }, (_, index) => presentRing(row, index)),
    next_ring_at: isoTimeOrNull(nextRingAt(row)),
    counted_at: isoTimeOrNull(row.countedAt),
    plan: {
      hours: plan.hours,
      silent_hours: plan.silentHours,
      max_failed_percent: plan.maxFailedPercent,
      max_silent_percent: plan.maxSilentPercent,
    },
    created_at: isoTime(row.createdAt),
    created_by: row.createdBy,
    ended_at: isoTimeOrNull(row.endedAt),
    ended_by: row.endedBy,
  };
}

function presentRing(
  { plan, openedAt, counts }: RolloutRow,
  index: number,
): v.InferInput<typeof RolloutRing> {
  const ring = plan.rings[index];
  const { notApplicable, ...counted } = counts?.[index] ?? noCounts;
  return {
    ring: index + 1,
    percent: ring !== undefined && "percent" in ring ? ring.percent : null,
    sets: ring !== undefined && "sets" in ring ? ring.sets : null,
    opened_at: isoTimeOrNull(openedAt[index] ?? null),
    ...counted,
    not_applicable: notApplicable,
  };
}

function nextRingAt({ state, ring, openedAt, accepted, plan }: RolloutRow): number | null {
  if (state !== "running" || ring < 0 || ring >= plan.rings.length) return null;
  return beganAt({ openedAt, accepted }, ring, 0) + plan.hours * hour;
}

export const presentChange = (item: RolloutItem): v.InferInput<typeof RolloutChange> => ({
  kind: item.kind,
  identifier: item.identifier,
  change: item.change,
  set: item.setName || null,
  version: item.version,
  former_version: formerVersion(item)?.version ?? null,
});
