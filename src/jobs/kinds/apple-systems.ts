import { takeAppleList } from "../../systems/take-list.ts";
import { jobKind } from "../job-kind.ts";

/** Once a day, as Apple asks. What is news goes on to the policies that follow the latest. */
export const appleSystems = jobKind<null>(null, async (env, _cursor, now) => {
  const { changed, trouble } = await takeAppleList(env, now);
  if (changed > 0) await env.JOB.getByName("software-updates").start({ by: "apple-systems", orAgain: true });
  return {
    counts: { changed },
    remarks: trouble === undefined ? [] : [{ about: "Apple's list of systems", detail: trouble }],
    ends: "done",
    outcome: trouble === undefined ? "Apple's list is taken" : "the list stays as it was",
  };
});
