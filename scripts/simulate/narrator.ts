// What a run tells: one line an event, with the time since the beginning.
const usualPatienceMs = 60_000;

export class Narrator {
  readonly #began = Date.now();

  that(who: string, what: string): void {
    const seconds = ((Date.now() - this.#began) / 1000).toFixed(1).padStart(6);
    console.log(`${seconds} s  ${who.padEnd(7)}  ${what}`);
  }

  async until(
    what: string,
    holds: () => Promise<boolean>,
    patienceMs: number = usualPatienceMs,
  ): Promise<boolean> {
    const end = Date.now() + patienceMs;
    while (Date.now() < end) {
      if (await holds()) return true;
      await new Promise((done) => setTimeout(done, 500));
    }
    this.that("", `waited for ${patienceMs / 1000} s in vain: ${what}`);
    return false;
  }
}
