import journal from "../../migrations/meta/_journal.json";
import { read } from "./read.ts";

/** The migrations this code was built with that the database has not seen. Wrangler keeps the list of the applied. */
export async function pendingMigrations(binding: D1Database): Promise<string[]> {
  const applied = await read(() => appliedMigrations(binding));
  return journal.entries.map(({ tag }) => `${tag}.sql`).filter((name) => !applied.has(name));
}

async function appliedMigrations(binding: D1Database): Promise<Set<string>> {
  try {
    const { results } = await binding.prepare("SELECT name FROM d1_migrations").all<{ name: string }>();
    return new Set(results.map(({ name }) => name));
  } catch (fault) {
    // A database without any migration has no list either.
    if (fault instanceof Error && fault.message.includes("no such table")) return new Set();
    throw fault;
  }
}
