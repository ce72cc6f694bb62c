import { readdirSync, readFileSync } from "node:fs";
import { memoryMiB } from "../process-figures.ts";
import { Trouble } from "../trouble.ts";

const everyMs = 50;

/** The memory of the workerd that a process has started, looked at all the time. */
export class MemoryWatch {
  readonly start: number;
  /** Of all that was watched. */
  most = 0;
  #peak = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(parent: number) {
    const pids = descendants(parent).filter((pid) => nameOf(pid) === "workerd");
    if (pids.length === 0) throw new Trouble("no workerd was started");
    const look = (): number => {
      const now = Math.max(...pids.map((pid) => memoryMiB(pid).now));
      this.#peak = Math.max(this.#peak, now);
      this.most = Math.max(this.most, now);
      return now;
    };
    this.start = look();
    this.#timer = setInterval(look, everyMs);
  }

  /** Since the start, or since `again`. */
  peak = (): number => this.#peak;

  again(): void {
    this.#peak = 0;
  }

  end(): void {
    clearInterval(this.#timer);
  }
}

function descendants(parent: number): number[] {
  const parents = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name): [pid: number, parent: number] => [Number(name), parentOf(Number(name))]);
  const children = (pid: number): number[] =>
    parents.filter(([, of]) => of === pid).flatMap(([child]) => [child, ...children(child)]);
  return children(parent);
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)/m.exec(statusOf(pid))?.[1] ?? 0);
}

const nameOf = (pid: number): string => /^Name:\s+(\S+)/m.exec(statusOf(pid))?.[1] ?? "";

/** Empty: it has ended since. */
function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, "utf8");
  } catch {
    return "";
  }
}
