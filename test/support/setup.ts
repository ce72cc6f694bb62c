import { env } from "cloudflare:workers";

type Migration = { name: string; queries: string[] };

// Every test file starts with an empty database that has the newest schema: made by one call, since there are many
// files, and with the record that wrangler keeps of it.
const migrations = (env as typeof env & { TEST_MIGRATIONS: Migration[] }).TEST_MIGRATIONS;
await env.DB.batch([
  env.DB.prepare(
    "CREATE TABLE d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)",
  ),
  ...migrations.flatMap(({ name, queries }) => [
    ...queries.map((query) => env.DB.prepare(query)),
    env.DB.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(name),
  ]),
]);
