import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";

export type Db = DrizzleD1Database & { $client: D1Database };

const opened = new WeakMap<D1Database, Db>();

/** One for a binding: making it costs as much as some statements, and a request opens it several times. */
export function openDb(binding: D1Database): Db {
  const known = opened.get(binding);
  if (known !== undefined) return known;
  const db = drizzle(binding);
  opened.set(binding, db);
  return db;
}
