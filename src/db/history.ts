import { and, inArray, isNotNull, lt } from "drizzle-orm";
import type { Db } from "./open.ts";
import { commands, events } from "./schema/events.ts";

/** What ages in the directory, deleted a bounded number of rows at a time. Each answers how many it deleted. */
export async function pruneEvents(db: Db, before: number, limit: number): Promise<number> {
  const { id, at } = events;
  const old = db.select({ id }).from(events).where(lt(at, before)).limit(limit);
  return (await db.delete(events).where(inArray(id, old))).meta.changes;
}

/** Headers of commands that are over; one that still waits stays, however old. */
export async function pruneCommands(db: Db, before: number, limit: number): Promise<number> {
  const { id, queuedAt, finishedAt } = commands;
  const old = db
    .select({ id })
    .from(commands)
    .where(and(lt(queuedAt, before), lt(finishedAt, before), isNotNull(finishedAt)))
    .limit(limit);
  return (await db.delete(commands).where(inArray(id, old))).meta.changes;
}
