import { reset } from "cloudflare:test";
import { env } from "cloudflare:workers";

type Migration = { name: string; queries: string[] };

const { TEST_MIGRATIONS: migrations } = env as typeof env & { TEST_MIGRATIONS: Migration[] };

/** Nothing is stored anywhere, and D1 has the newest schema. */
export async function emptyDatabase(): Promise<void> {
  await emptied();
  // By one call, since many ask for it, and with the record that wrangler keeps of it.
  await env.DB.batch([
    env.DB.prepare(
      "CREATE TABLE d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)",
    ),
    ...migrations.flatMap(({ name, queries }) => [
      ...queries.map((query) => env.DB.prepare(query)),
      env.DB.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(name),
    ]),
  ]);
}

/** An alarm that is at work for the file before may keep its database from being emptied: then once more. */
async function emptied(): Promise<void> {
  const tables = "SELECT count(*) AS n FROM sqlite_master WHERE name = 'd1_migrations'";
  do await reset();
  while ((await env.DB.prepare(tables).first<number>("n")) !== 0);
}
