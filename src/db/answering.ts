import { sql } from "drizzle-orm";
import type { Db } from "./open.ts";
import { read } from "./read.ts";

/** Whether D1 answers at all. If it does, a statement that it refused was refused because of its content. */
export async function isAnswering(db: Db): Promise<boolean> {
  try {
    await read(() => db.get(sql`select 1 from devices limit 1`));
    return true;
  } catch {
    return false;
  }
}
