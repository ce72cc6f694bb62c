import { logFault } from "../base/log.ts";

/**
 * Has devices told of what was noted in `assignment_changes`. Called after the batch that holds the note: a start that
 * is lost is only late, since the cron looks for notes too. It never fails.
 */

export async function startAssigning(env: Env): Promise<void> {
  try {
    await env.JOB.getByName("assign").start({ by: "assignment", orAgain: true });
  } catch (fault) {
    logFault("assignment.not_started", fault);
  }
}
