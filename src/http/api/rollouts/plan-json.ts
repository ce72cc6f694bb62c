import * as v from "valibot";

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
