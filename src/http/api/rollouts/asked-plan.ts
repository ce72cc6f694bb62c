import type { Context } from "hono";
import * as v from "valibot";
import { loadSettings } from "../../../admin/settings.ts";
import { noPlan, planNames } from "../../../rollouts/begin.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { invalid } from "../route/validate.ts";

/** How a caller says in which rings a change goes, and what it hears of that. */
export const askedPlan = v.pipe(
  v.string(),
  v.maxLength(64),
  v.description(
    "The plan in whose rings devices get the change, by its name in the setting `rollout_plans`; `none`: all at once. Unless set, a change of what a device needs to reach the server goes by the setting `connectivity_rollout`, and everything else at once",
  ),
);

export const begunRollout = v.pipe(
  v.nullable(v.string()),
  v.description("The id of the rollout that brings it to devices ring by ring; null: they get it at once"),
);

/** The answer to a plan that does not exist. */
export async function unknownPlan(
  c: Context<ApiEnv>,
  asked: string | undefined,
  pointer: string,
  place?: "query",
): Promise<Response | undefined> {
  if (asked === undefined || asked === noPlan) return undefined;
  const known = planNames(await loadSettings(c.env, Date.now()));
  if (known.includes(asked)) return undefined;
  const detail = `there is no plan ${JSON.stringify(asked)}; the plans are ${[...known, noPlan].join(", ")}`;
  return invalid(c, [{ pointer, code: "unknown", detail, ...(place && { in: place }) }]);
}
