import { checkDeployment } from "../../problems/check.ts";
import { type JobKind, jobKind } from "../job-kind.ts";

/** Looks for what will end, is broken, or needs a person to act. What needs a walk over all devices has its own job. */
export const problems: JobKind = jobKind<null>(null, async (env, _cursor, now) => {
  const { opened, reminded, closed } = await checkDeployment(env, now);
  return {
    counts: { opened, reminded, closed },
    remarks: [],
    ends: "done",
    outcome: "everything was checked",
  };
});
