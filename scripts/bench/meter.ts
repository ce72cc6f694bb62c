// Processor time of workerd for jobs that take turns, and the questions to D1 that they ask.
import { setTimeout as pause } from "node:timers/promises";
import type { BareServer } from "../bare/server.ts";
import { cpuMs } from "../process-figures.ts";

const atOnce = 8;
/** Alarms that tell the directory are no part of a request. */
const outboxMs = 2_500;

export type MeterFigures = { name: string; cpuMs: number; withoutQuestions?: number | undefined };

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

  /** The middle of the rounds. The first job is one question: what it costs the asking side is the price of the others'. */
  figures(): MeterFigures[] {
    const price = middle([...this.#figures.values()][0]?.map((one) => one.cpuMs) ?? []);
    return [...this.#figures].map(([name, figures], place) => {
      const cpuMs = middle(figures.map((one) => one.cpuMs));
      const questions = middle(figures.map((one) => one.questions));
      const isPriced = place > 0 && questions > 0;
      return { name, cpuMs, withoutQuestions: isPriced ? cpuMs - questions * price : undefined };
    });
  }
}

const middle = (figures: readonly number[]): number =>
  [...figures].sort((a, b) => a - b)[Math.floor(figures.length / 2)] ?? 0;
