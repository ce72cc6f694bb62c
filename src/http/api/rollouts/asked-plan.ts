import type { Context } from "hono";
import { loadSettings } from "../../../admin/settings.ts";
import { noPlan, planNames } from "../../../rollouts/begin.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { invalid } from "../route/validate.ts";

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
