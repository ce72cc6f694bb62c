// What a process has used, as Linux counts it. Processor time and memory, unlike the time on the clock, do not
// measure the neighbours.
import { readdirSync, readFileSync } from "node:fs";

export const canMeasure = process.platform === "linux";

/** Processor time that all threads of a process have had. Its own counter ticks every 10 ms; the scheduler's counts nanoseconds. */
export const cpuMs = (pid: number): number =>
  readdirSync(`/proc/${pid}/task`)
    .map(
      (thread) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]) / 1e6,
    )
    .reduce((sum, ms) => sum + ms, 0);

/** Memory that is really there, and the most there ever was. */
export function memoryMiB(pid: number): { now: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const kiB = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]);
  return { now: kiB("VmRSS") / 1024, peak: kiB("VmHWM") / 1024 };
}
