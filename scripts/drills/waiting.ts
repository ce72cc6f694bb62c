import type { BareServer } from "../bare/server.ts";
import { Trouble } from "../trouble.ts";

/** Seconds since it was made. */
export function stopwatch(): () => number {
  const started = performance.now();
  return () => Math.round((performance.now() - started) / 10) / 100;
}

export async function waitFor(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const until = Date.now() + 10 * 60_000;
  while (!(await isSo())) {
    if (Date.now() > until) throw new Trouble(`waited ten minutes for ${what}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

/** How many devices the directory knows to be enrolled. */
export async function known(server: BareServer): Promise<number> {
  const [row] = await server.rows<{ n: number }>(
    "SELECT count(*) AS n FROM devices WHERE state = 'enrolled'",
  );
  return row?.n ?? 0;
}
