import { logFault } from "../base/log.ts";

/** Starts the job that opens rings. If this start is lost, the trigger starts it a few minutes later. It never fails. */
export async function startRollouts(env: Env): Promise<void> {
  try {
    await env.JOB.getByName("rollouts").start({ by: "rollouts", orAgain: true });
  } catch (fault) {
    logFault("rollouts.not_started", fault);
  }
}
