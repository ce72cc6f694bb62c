// A search in the directory of a large fleet, by processor time of the Worker and of D1's stand-in together.
import type { BareServer } from "../bare/server.ts";
import { cpuMs } from "../process-figures.ts";
import { Trouble } from "../trouble.ts";

const devices = 100_000;
const atOnce = 500;
const words = "ada berg iphone";
const warmUps = 40;
const rounds = 5;
const eachRound = 20;

export async function measureSearch(server: BareServer): Promise<number> {
  await seed(server);
  const figures: number[] = [];
  await search(server, warmUps);
  for (let round = 0; round < rounds; round++) {
    const spent = () => cpuMs(server.worker.pid) + cpuMs(server.database.pid);
    const before = spent();
    await search(server, eachRound);
    figures.push((spent() - before) / eachRound);
  }
  return figures.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
}

async function seed(server: BareServer): Promise<void> {
  const { insertRows, seededRows } = await import("../../test/support/seeded-fleet.ts");
  const statement = (sql: string) => ({
    bind: (...params: string[]) => ({ run: () => server.rows(sql, ...params) }),
  });
  const db = { prepare: statement } as unknown as Parameters<typeof insertRows>[0];
  for (let first = 0; first < devices; first += atOnce)
    for (const [table, rows] of Object.entries(seededRows(first, atOnce, Date.now())))
      await insertRows(db, table, rows);
}

async function search(server: BareServer, times: number): Promise<void> {
  for (let left = times; left > 0; left--) {
    const { status, body } = await server.request(
      `/api/v1/devices?search=${encodeURIComponent(words)}&limit=50`,
    );
    const found = status === 200 ? (JSON.parse(body) as { items: unknown[] }).items.length : 0;
    if (found !== 50) throw new Trouble(`the search is answered ${status} with ${found} devices`);
  }
}
