import { reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import { forgetSettings } from "../../src/admin/settings.ts";
import { forgetAdministrators } from "../../src/admin/sign-in/administrators.ts";
import { forgetAuthorities } from "../../src/enrollment/authority.ts";
import { forgetEnrollmentSettings } from "../../src/enrollment/enrollment-settings.ts";
import { forgetRevocationLists } from "../../src/enrollment/revocation-list.ts";
import { forgetProfileSigner } from "../../src/enrollment/sign-profile.ts";
import { forgetKeys } from "../../src/sign-in/keys.ts";
import { forgetMetadata } from "../../src/sign-in/metadata.ts";
import { forgetProvider } from "../../src/sign-in/provider.ts";
import { forgetFleet } from "./fleet.ts";
import { giveReadyKeys } from "./ready-keys.ts";

type Migration = { name: string; queries: string[] };

// Every module is loaded before an object can ask for it. An object that is killed at the first import of a module would leave
// all who want that module waiting for ever (see `module-runner.ts`). Only the first test file pays for it.
const modules = import.meta.glob<unknown>(["../../src/**/*.ts", "!**/*.d.ts"]);
for (const load of Object.values(modules)) await load();

// Many test files share one Worker, which is loaded once. Each starts as if it were alone: nothing is stored, nothing is
// remembered, and the clock is right.
vi.useRealTimers();
giveReadyKeys();
await emptied();
forgetSettings();
forgetEnrollmentSettings();
forgetAuthorities();
forgetProfileSigner();
forgetRevocationLists();
forgetFleet();
forgetProvider();
forgetAdministrators();
forgetMetadata();
forgetKeys();

/** An alarm that is at work for the file before may keep its database from being emptied: then once more. */
async function emptied(): Promise<void> {
  const tables = "SELECT count(*) AS n FROM sqlite_master WHERE name = 'd1_migrations'";
  do await reset();
  while ((await env.DB.prepare(tables).first<number>("n")) !== 0);
}

// The newest schema: made by one call, since there are many files, and with the record that wrangler keeps of it.
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
