// A plan as it is typed, and as the setting `rollout_plans` has it.
import type { Schemas } from "../../../../client/api.d.ts";

export type Known = Schemas["Settings"];
export type Plan = NonNullable<Known["rollout_plans"]>[number];
export type Values = Record<"name" | "rings" | "hours" | "silent" | "maxFailed" | "maxSilent", string>;

export const plansOf = ({ rollout_plans }: Known): Plan[] => rollout_plans ?? [];

/** One ring a line. */
export const valuesOf = (plan: Plan | undefined): Values => ({
  name: plan?.name ?? "",
  rings: (plan?.rings ?? [{ percent: 10 }, { percent: 30 }])
    .map((ring) => ("percent" in ring ? `${ring.percent} %` : ring.sets.join(", ")))
    .join("\n"),
  hours: String(plan?.hours ?? 24),
  silent: plan?.silent_hours == null ? "" : String(plan.silent_hours),
  maxFailed: String(plan?.max_failed_percent ?? 5),
  maxSilent: String(plan?.max_silent_percent ?? 20),
});

export const patchOf = (values: Values): Plan => ({
  name: values.name.trim(),
  rings: values.rings
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map(ringOf),
  hours: Number(values.hours),
  silent_hours: values.silent.trim() === "" ? null : Number(values.silent),
  max_failed_percent: Number(values.maxFailed),
  max_silent_percent: Number(values.maxSilent),
});

/** `10 %` is a share; anything else names sets. */
function ringOf(line: string): Plan["rings"][number] {
  const share = /^(\d+)\s*%?$/.exec(line);
  if (share !== null) return { percent: Number(share[1]) };
  return { sets: line.split(",").map((name) => name.trim()) };
}

/** The plans with this one in the place of the one that was called so before; a new one comes last. */
export const withPlan = (plans: readonly Plan[], before: string, plan: Plan): Plan[] =>
  before === "" ? [...plans, plan] : plans.map((one) => (one.name === before ? plan : one));
