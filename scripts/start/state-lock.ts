// One server to one state: two would write the same files, and each would undo what the other did.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Trouble, writing } from "../trouble.ts";

type Holder = { pid: number; origin: string };

const lockIn = (state: string): string => join(state, "edgemdm.lock");

export function refuseHeldState(state: string): void {
  const holder = holderOf(state);
  if (!holder) return;
  throw new Trouble(
    `edgemdm runs already with the state in ${state}, at ${holder.origin} (process ${holder.pid}): use that one, or stop it first, or start another with a state of its own: npm start -- --persist-to ANOTHER_FOLDER --port 0`,
  );
}

/** Held until this process ends. What a killed one left behind holds nothing. */
export function holdState(state: string, origin: string): void {
  refuseHeldState(state);
  const file = lockIn(state);
  writing(file, () => writeFileSync(file, JSON.stringify({ pid: process.pid, origin } satisfies Holder)));
  process.on("exit", () => {
    if (holderOf(state)?.pid === process.pid) rmSync(file, { force: true });
  });
}

function holderOf(state: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(lockIn(state), "utf8")) as Holder;
    return isAlive(holder.pid) ? holder : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (fault) {
    // It lives, and belongs to another user.
    return fault instanceof Error && "code" in fault && fault.code === "EPERM";
  }
}
