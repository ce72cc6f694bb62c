// How every script begins and ends.
import { stopChildren } from "./children.ts";
import { Trouble } from "./trouble.ts";

let stopping = false;

/**
 * Runs a script to its end. Its trouble becomes one sentence and exit code 1. A signal ends its children first,
 * and is a success for a script that runs until it is stopped.
 */
export async function run(
  script: () => Promise<void>,
  whenStopped = { code: 1, say: "stopped" },
): Promise<void> {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop(whenStopped));
  try {
    await script();
  } catch (error) {
    // While we stop, whatever fails does so because we end it.
    if (!stopping) fail(error);
  }
}

/** Ends the script with what went wrong; also for what is noticed outside the run of the script itself. */
export function fail(error: unknown): void {
  if (stopping) return;
  console.error(`\n${error instanceof Trouble ? error.message : stackOf(error)}\n`);
  process.exit(1);
}

async function stop({ code, say }: { code: number; say: string }): Promise<void> {
  if (stopping) return;
  stopping = true;
  await stopChildren();
  console.log(`\n${say}`);
  process.exit(code);
}

const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
