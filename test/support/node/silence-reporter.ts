import type { Reporter, TestCase, TestModule } from "vitest/node";

const minute = 60_000;
/** A test has a limit of its own, which is shorter. Loading a file has none. */
const longest = 8 * minute;

type Running = { file: string; phase: string; since: number };

/**
 * Says which files are at work when nothing has happened for a minute, and ends the run when nothing happens at all.
 * Otherwise a file that never loads would stop a run for ever, and nobody would see which file it is.
 */
export class SilenceReporter implements Reporter {
  readonly #running = new Map<string, Running>();
  #lastNews = Date.now();
  #clock: NodeJS.Timeout | undefined;

  onTestRunStart(): void {
    this.#lastNews = Date.now();
    this.#clock = setInterval(() => this.#look(), minute);
    this.#clock.unref();
  }

  onTestModuleQueued(module: TestModule): void {
    this.#enter(module, "loads");
  }

  onTestModuleStart(module: TestModule): void {
    this.#enter(module, "runs");
  }

  onTestCaseReady(test: TestCase): void {
    this.#enter(test.module, `runs "${test.fullName}"`);
  }

  onTestCaseResult(test: TestCase): void {
    this.#enter(test.module, `has run "${test.fullName}"`);
  }

  onTestModuleEnd(module: TestModule): void {
    this.#running.delete(module.moduleId);
    this.#lastNews = Date.now();
  }

  onTestRunEnd(): void {
    clearInterval(this.#clock);
  }

  #enter(module: TestModule, phase: string): void {
    this.#lastNews = Date.now();
    this.#running.set(module.moduleId, { file: module.relativeModuleId, phase, since: this.#lastNews });
  }

  #look(): void {
    const now = Date.now();
    if (now - this.#lastNews < minute) return;
    const files = [...this.#running.values()];
    const lines = files.map(({ file, phase, since }) => `  ${file} ${phase}, ${seconds(now - since)} s ago`);
    console.error(
      [`Nothing has happened for ${seconds(now - this.#lastNews)} s. At work:`, ...lines].join("\n"),
    );
    if (now - this.#lastNews < longest) return;
    console.error("It is given up.");
    process.exit(1);
  }
}

const seconds = (ms: number): string => (ms / 1000).toFixed(0);
