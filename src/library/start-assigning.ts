import { logFault } from "../base/log.ts";

/**
 * Starts the work for the notes in `assignment_changes`. Called after the batch that wrote the note. If this start is
 * lost, the work is only late, because the cron job also looks for notes. It never fails.
 */

export async function startAssigning(env: Env): Promise<void> {
  try {
    await env.JOB.getByName("assign").start({ by: "assignment", orAgain: true });
  } catch (fault) {
    logFault("assignment.not_started", fault);
  }
}
