// Ends workerd without a warning at moments that nobody chose, and starts it again on the state it left.
import { setTimeout as delay } from "node:timers/promises";
import type { BareServer } from "../../bare/server.ts";

const shortestMs = 150;
const longestMs = 1_500;
/** Every other time it is ended while its objects wake: so soon after it listens. Devices repeat their requests each tenth of a second. */
const wakingMs = 200;
/** Every so many kills the database goes too, and comes back later than the Worker does. */
const takesDatabase = 5;

export class Killer {
  databaseKills = 0;
  readonly #server: BareServer;
  readonly #away: number[] = [];

  constructor(server: BareServer) {
    this.#server = server;
  }

  async strike(): Promise<void> {
    if (this.#away.length % 2 === 1) await this.#whileWaking();
    else await delay(shortestMs + Math.random() * (longestMs - shortestMs));
    const both = this.#away.length % takesDatabase === takesDatabase - 1;
    const died = performance.now();
    await Promise.all([this.#server.killWorker(), both ? this.#server.killDatabase() : undefined]);
    await this.#server.startWorker();
    this.#away.push(performance.now() - died);
    if (!both) return;
    this.databaseKills++;
    await delay(Math.random() * longestMs);
    await this.#server.startDatabase();
  }

  async #whileWaking(): Promise<void> {
    const health = () => fetch(`${this.#server.origin}/healthz`).then(({ ok }) => ok);
    while (!(await health().catch(() => false))) await delay(1);
    await delay(Math.random() * wakingMs);
  }

  away(): string {
    const sorted = [...this.#away].sort((a, b) => a - b);
    const at = (share: number): string =>
      `${Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0)} ms`;
    return `${at(0.5)} in the middle, ${at(1)} at most`;
  }
}
