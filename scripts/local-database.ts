// The local D1 of `npm start`, brought up to date. Wrangler's own command starts workerd once for each migration and each
// question, which is most of a first start; here it is started once for all. The record that it keeps is the same.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readRawConfig } from "./raw-config.ts";
import { causeOf, Trouble, writing } from "./trouble.ts";

/** `state`: the folder where it lies. */
export async function withLocalDatabase<Answer>(
  project: string,
  state: string,
  work: (db: D1Database) => Promise<Answer>,
): Promise<Answer> {
  // Quiet and offline, as wrangler is where it is a process of its own.
  process.env.WRANGLER_SEND_METRICS ??= "false";
  process.env.CLOUDFLARE_CF_FETCH_ENABLED ??= "false";
  const { getPlatformProxy } = await import("wrangler");
  const { name, compatibility_date, d1_databases } = readRawConfig(join(project, "wrangler.toml"));
  // The database alone: the Worker's objects are not to be started.
  const configPath = join(state, "database.json");
  writing(configPath, () => {
    mkdirSync(state, { recursive: true });
    writeFileSync(configPath, JSON.stringify({ name, compatibility_date, d1_databases }));
  });
  const proxy = await getPlatformProxy<{ DB: D1Database }>({
    configPath,
    persist: { path: join(state, "v3") },
    remoteBindings: false,
  });
  try {
    return await work(proxy.env.DB);
  } finally {
    await proxy.dispose();
  }
}

const record = `CREATE TABLE IF NOT EXISTS d1_migrations(
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  name       TEXT UNIQUE,
  applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
)`;

/** Applies the migrations that the database has not had, each whole or not at all. */
export async function migrate(db: D1Database, project: string, state: string): Promise<void> {
  try {
    await db.prepare(record).run();
    const { results } = await db.prepare("SELECT name FROM d1_migrations").all<{ name: string }>();
    const applied = new Set(results.map(({ name }) => name));
    const files = readdirSync(join(project, "migrations")).filter((name) => name.endsWith(".sql"));
    for (const name of files.sort()) if (!applied.has(name)) await apply(db, project, name);
  } catch (fault) {
    const what = `the database in ${state} could not be brought up to date`;
    throw new Trouble(`${what}:\n${causeOf(fault)}`, { cause: fault });
  }
}

async function apply(db: D1Database, project: string, name: string): Promise<void> {
  const { unstable_splitSqlQuery: statementsOf } = await import("wrangler");
  const statements = statementsOf(readFileSync(join(project, "migrations", name), "utf8"));
  const noted = db.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(name);
  await db.batch([...statements.map((statement) => db.prepare(statement)), noted]);
}

/** Whether anything in it needs the MASTER_KEY that it was sealed under. */
export async function isSealedUnderSomeKey(db: D1Database): Promise<boolean> {
  const query =
    "SELECT (SELECT count(*) FROM master_keys) + (SELECT count(*) FROM authorities WHERE sealed_key IS NOT NULL) AS n";
  const { results } = await db.prepare(query).all<{ n: number }>();
  return results.some(({ n }) => n > 0);
}
