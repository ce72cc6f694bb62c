// What a start says while it works: each step when it is done, and now and then that it still goes on.

const saysAgainAfterMs = 10_000;

export class Steps {
  readonly #began = Date.now();
  readonly #say: (line: string) => void;
  #doing: string;
  #ticker: NodeJS.Timeout;

  constructor(first: string, say: (line: string) => void = console.log) {
    this.#say = say;
    this.#doing = first;
    this.#ticker = this.#tick();
  }

  /** The step that was begun is done; `next` begins. */
  done(line: string, next?: string): void {
    this.#say(`  ${line} (${this.#seconds()} s)`);
    this.stop();
    if (next === undefined) return;
    this.#doing = next;
    this.#ticker = this.#tick();
  }

  stop(): void {
    clearInterval(this.#ticker);
  }

  #tick(): NodeJS.Timeout {
    const tick = () =>
      this.#say(`  still ${this.#doing} (${this.#seconds()} s; a busy machine takes longer)`);
    return setInterval(tick, saysAgainAfterMs).unref();
  }

  #seconds = (): string => ((Date.now() - this.#began) / 1000).toFixed(1);
}
