// Looks for inputs of one target that run what no input ran before, and for those that it should not survive.
import { branchOf, featuresOfRun, forgetHits } from "./coverage.ts";
import { type Material, mutate } from "./mutate.ts";
import type { Random } from "./random.ts";
import { bytes, type Target } from "./target.ts";
import type { Watchdog } from "./watchdog.ts";

/** No input of this size may take longer, on a machine that does something else as well. */
export const slowestMs = 250;
const longestInput = 64 * 1024;

export type Crash = { input: Uint8Array; why: string };

export class Search {
  readonly target: Target;
  readonly crashes: Crash[] = [];
  inputs = 0;
  slowest = 0;
  readonly #random: Random;
  readonly #watchdog: Watchdog;
  readonly #corpus: Uint8Array<ArrayBuffer>[] = [];
  readonly #seen = new Set<number>();
  readonly #material: Material;

  constructor(target: Target, random: Random, watchdog: Watchdog) {
    this.target = target;
    this.#random = random;
    this.#watchdog = watchdog;
    const words = (target.words ?? []).map((word) => (typeof word === "string" ? bytes(word) : word));
    this.#material = { words, others: this.#corpus, longest: target.longest ?? longestInput };
  }

  get branches(): ReadonlySet<number> {
    return new Set([...this.#seen].map(branchOf));
  }

  /** All that ran something new, in the order in which they were found. */
  get corpus(): readonly Uint8Array<ArrayBuffer>[] {
    return this.#corpus;
  }

  async begin(kept: readonly Uint8Array[]): Promise<void> {
    for (const seed of [...kept, ...(await this.target.seeds())]) {
      const input = new Uint8Array(seed);
      await this.#try(input);
      if (!this.#corpus.includes(input)) this.#corpus.push(input);
    }
  }

  async runUntil(deadline: number, mostInputs: number): Promise<void> {
    for (let left = mostInputs; left > 0 && Date.now() < deadline; left--) {
      await this.#try(mutate(this.#pick(), this.#material, this.#random));
    }
  }

  /** What was found last leads on most often. */
  #pick(): Uint8Array {
    const { length } = this.#corpus;
    const from = this.#random(2) === 0 ? Math.max(0, length - 16) : 0;
    return this.#corpus[from + this.#random(length - from)] ?? new Uint8Array();
  }

  async #try(input: Uint8Array<ArrayBuffer>): Promise<void> {
    this.inputs++;
    const crash = await this.run(input);
    const news = featuresOfRun().filter((feature) => !this.#seen.has(feature));
    for (const feature of news) this.#seen.add(feature);
    if (crash !== undefined && !this.crashes.some(({ why }) => why === crash)) {
      this.crashes.push({ input: await this.#shortest(input, crash), why: crash });
    } else if (news.length > 0 && crash === undefined) this.#corpus.push(input);
  }

  /** Why the target did not survive this input; undefined when it did. The counters of branches are those of this run. */
  async run(input: Uint8Array<ArrayBuffer>): Promise<string | undefined> {
    const [why, took] = await this.#once(input);
    if (why !== undefined || took <= slowestMs) {
      if (took <= slowestMs) this.slowest = Math.max(this.slowest, took);
      return why;
    }
    // Other work of the machine, or of the garbage collector, is not the input's fault.
    const again = [(await this.#once(input))[1], (await this.#once(input))[1], (await this.#once(input))[1]];
    const least = Math.min(took, ...again);
    this.slowest = Math.max(this.slowest, least);
    return least > slowestMs ? `took longer than ${slowestMs} ms` : undefined;
  }

  async #once(input: Uint8Array<ArrayBuffer>): Promise<[why: string | undefined, took: number]> {
    forgetHits();
    this.#watchdog.begin(input);
    const from = spentMs();
    try {
      const work = this.target.read(input);
      if (work instanceof Promise) await work;
      return [undefined, spentMs() - from];
    } catch (error) {
      return [placeOf(error), spentMs() - from];
    } finally {
      this.#watchdog.end();
    }
  }

  /** Cut down while it fails in the same way. */
  async #shortest(input: Uint8Array<ArrayBuffer>, why: string): Promise<Uint8Array> {
    return shrink(input, async (smaller) => (await this.run(smaller)) === why);
  }
}

/** The time that this thread has worked, where Node can tell: what else the machine does is not the input's fault. */
function spentMs(): number {
  if (typeof process.threadCpuUsage !== "function") return performance.now();
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

const mostShrinkingRuns = 400;

/** Without every piece that is not needed for `holds`, as far as a few hundred runs get. */
export async function shrink(
  input: Uint8Array<ArrayBuffer>,
  holds: (smaller: Uint8Array<ArrayBuffer>) => Promise<boolean>,
): Promise<Uint8Array<ArrayBuffer>> {
  let best = input;
  let runs = 0;
  for (let size = best.length >> 1; size > 0; size >>= 1) {
    for (let at = 0; at < best.length && runs < mostShrinkingRuns; ) {
      const smaller = new Uint8Array(Buffer.concat([best.subarray(0, at), best.subarray(at + size)]));
      runs++;
      if (await holds(smaller)) best = smaller;
      else at += size;
    }
  }
  return best;
}

/** The same fault has the same text, whatever input led to it. */
function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return `threw ${String(error)}`;
  const place = error.stack?.split("\n").find((line) => line.includes("/src/")) ?? "";
  const message = error.message.replaceAll(/[0-9a-f]{8,}|\d+/g, "…").slice(0, 200);
  return `${error.name}: ${message} ${place.trim()}`;
}
