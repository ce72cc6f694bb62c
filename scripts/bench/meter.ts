// Processor time of workerd for jobs that take turns, and the questions to D1 that they ask.
import { setTimeout as pause } from "node:timers/promises";
import type { BareServer } from "../bare/server.ts";
import { cpuMs } from "../process-figures.ts";
import { table } from "./report.ts";

const atOnce = 8;
/** Alarms that tell the directory are no part of a request. */
const outboxMs = 2_500;

type Job = () => Promise<unknown>;

export class Meter {
  readonly #server: BareServer;
  readonly #figures = new Map<string, { cpuMs: number; questions: number }[]>();

  constructor(server: BareServer) {
    this.#server = server;
  }

  /** What these jobs cost together, for each of `parts`. */
  async measure(name: string, counts: boolean, jobs: readonly Job[], parts = jobs.length): Promise<void> {
    const [spent, asked] = [cpuMs(this.#server.worker.pid), await this.#server.questions()];
    const left = [...jobs];
    const work = async (): Promise<void> => {
      for (let job = left.shift(); job; job = left.shift()) await job();
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    if (counts) {
      const figure = {
        cpuMs: (cpuMs(this.#server.worker.pid) - spent) / parts,
        questions: ((await this.#server.questions()) - asked) / parts,
      };
      this.#figures.set(name, [...(this.#figures.get(name) ?? []), figure]);
    }
    await pause(outboxMs);
  }

  table(): string {
    const middles = [...this.#figures].map(([name, figures]) => ({
      name,
      cpuMs: middle(figures.map(({ cpuMs }) => cpuMs)),
      questions: middle(figures.map(({ questions }) => questions)),
    }));
    const price = middles[0]?.cpuMs ?? 0;
    const rows = middles.map(({ name, cpuMs, questions }) => [
      name,
      cpuMs.toFixed(cpuMs < 0.1 ? 3 : 2),
      questions.toFixed(1),
      (cpuMs - questions * price).toFixed(2),
    ]);
    return table([["CPU ms", "each", "questions to D1", "without them"], ...rows]);
  }
}

const middle = (figures: readonly number[]): number =>
  [...figures].sort((a, b) => a - b)[Math.floor(figures.length / 2)] ?? 0;
