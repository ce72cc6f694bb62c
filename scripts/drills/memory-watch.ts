import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { Trouble } from "../trouble.ts";

const everyMs = 50;

/**
 * The memory of a workerd that a process has started, looked at all the time: of the one that has state in this folder.
 * `wrangler dev` has another in front of it.
 */
export class MemoryWatch {
  readonly start: number;
  /** Of all that was watched. */
  most = 0;
  #peak = 0;
  readonly #timer: NodeJS.Timeout;
  readonly #look: () => number;

  constructor(parent: number, folder: string) {
    const pids = descendants(parent).filter((pid) => nameOf(pid) === "workerd" && isOpenIn(folder, pid));
    if (pids.length === 0) throw new Trouble("no workerd was started");
    this.#look = () => {
      const now = Math.max(...pids.map(ownMiB));
      this.#peak = Math.max(this.#peak, now);
      this.most = Math.max(this.most, now);
      return now;
    };
    this.start = this.#look();
    this.#timer = setInterval(this.#look, everyMs);
  }

  /** Since the start, or since `again`. */
  peak = (): number => this.#peak;

  again(): void {
    this.#peak = 0;
  }

  now = (): number => this.#look();

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

/** Its own memory, and not the files on disk that it has mapped: the local bucket maps what it sends. */
const ownMiB = (pid: number): number => Number(/^RssAnon:\s+(\d+) kB/m.exec(statusOf(pid))?.[1] ?? 0) / 1024;

function isOpenIn(folder: string, pid: number): boolean {
  const files = `/proc/${pid}/fd`;
  return readdirSync(files).some((name) => linkOf(`${files}/${name}`).startsWith(folder));
}

/** Empty: it was closed since. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
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
