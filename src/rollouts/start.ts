import { logFault } from "../base/log.ts";

/** Starts the job that opens rings. If this start is lost, the trigger starts it a few minutes later. It never fails. */
export const startRollouts = (env: Env): Promise<void> => start(env, "rollouts");

/** Starts the search for problems, which runs every hour anyway, because a rollout has halted or is decided about. */
export const startProblems = (env: Env): Promise<void> => start(env, "problems");

async function start(env: Env, job: "rollouts" | "problems"): Promise<void> {
  try {
    await env.JOB.getByName(job).start({ by: "rollouts", orAgain: true });
  } catch (fault) {
    logFault("rollouts.not_started", fault, { job });
  }
}
