import { env } from "cloudflare:workers";

/** A D1 that fails the way D1 does. */
export const brokenDatabase = (message = "D1_ERROR: Network connection lost."): D1Database => {
  const fail = () => Promise.reject(new Error(message));
  const statement = { bind: () => statement, all: fail, run: fail, raw: fail, first: fail };
  return { prepare: () => statement, batch: fail, exec: fail } as unknown as D1Database;
};

/** A D1 that takes what it is given and never answers. */
export function silentDatabase(): D1Database {
  const silence = () => new Promise<never>(() => {});
  const statement = { bind: () => statement, all: silence, run: silence, raw: silence, first: silence };
  return { prepare: () => statement, batch: silence, exec: silence } as unknown as D1Database;
}

/** The real D1, whose statements that match fail `times` times. */
export function flakyDatabase(
  matching: RegExp,
  times: number,
): { database: D1Database; failures: () => number } {
  const broken = brokenDatabase();
  let failed = 0;
  const prepare = (sql: string) => {
    if (!matching.test(sql) || failed >= times) return env.DB.prepare(sql);
    failed += 1;
    return broken.prepare(sql);
  };
  const database = { prepare, batch: env.DB.batch.bind(env.DB) } as unknown as D1Database;
  return { database, failures: () => failed };
}
