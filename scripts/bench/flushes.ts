// How often a process makes the disk keep what was written, where strace is.
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { startProgram } from "../children.ts";

export const canCountFlushes = (): boolean => spawnSync("strace", ["-V"]).status === 0;

/** Counts while `act` runs. It slows the process: nothing else can be measured at the same time. */
export async function countFlushes(pid: number, act: () => Promise<unknown>): Promise<number> {
  const report = join(tmpdir(), `edgemdm-flushes-${process.pid}`);
  const args = ["-f", "-c", "-e", "trace=fsync,fdatasync", "-o", report, "-p", String(pid)];
  const counting = startProgram("strace", args, { stdio: "ignore" });
  const ended = once(counting, "exit");
  await pause(500);
  await act();
  counting.kill("SIGINT");
  await ended;
  const lines = readFileSync(report, "utf8").split("\n");
  rmSync(report);
  // Share of the time, seconds, microseconds a call, calls, and sometimes errors.
  return lines
    .filter((line) => /\b(fsync|fdatasync)$/.test(line))
    .reduce((sum, line) => sum + Number(line.trim().split(/\s+/)[3]), 0);
}
