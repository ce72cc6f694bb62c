// Child processes that end with us. Each is the leader of its own process group, so that what it starts
// (wrangler starts workerd and esbuild) can be ended with it, however it ends itself.
import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";

const living = new Set<ChildProcess>();
const patienceMs = 5000;

// The last resort, for any way out of this process that skipped `stopChildren`.
process.on("exit", () => living.forEach(endGroup));

/** Starts Node on a script. A terminal's Ctrl-C does not reach the child: the caller must stop it. */
export const startNode = (args: readonly string[], options: SpawnOptions): ChildProcess =>
  startProgram(process.execPath, args, options);

export function startProgram(program: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(program, args, { ...options, detached: process.platform !== "win32" });
  living.add(child);
  child.once("exit", () => {
    endGroup(child);
    living.delete(child);
  });
  return child;
}

/** Asks every child to end, waits for it, and ends by force what does not listen. */
export async function stopChildren(): Promise<void> {
  await Promise.all(
    [...living].map(
      (child) =>
        new Promise<void>((resolve) => {
          const force = setTimeout(() => endGroup(child), patienceMs);
          child.once("exit", () => {
            clearTimeout(force);
            resolve();
          });
          child.kill("SIGTERM");
        }),
    ),
  );
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill("SIGKILL");
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // Nobody of that group is left, which is what we wanted.
  }
}
