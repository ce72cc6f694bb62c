import { and, inArray, isNotNull, lt } from "drizzle-orm";
import type { Db } from "./open.ts";
import { commands, events } from "./schema/events.ts";

/** Deletes old rows of the directory, a limited number at a time. Each function returns how many it deleted. */
export async function pruneEvents(db: Db, before: number, limit: number): Promise<number> {
  const { id, at } = events;
  const old = db.select({ id }).from(events).where(lt(at, before)).limit(limit);
  return (await db.delete(events).where(inArray(id, old))).meta.changes;
}

/** Headers of finished commands; a waiting one stays, whatever its age. */
export async function pruneCommands(db: Db, before: number, limit: number): Promise<number> {
  const { id, queuedAt, finishedAt } = commands;
  const old = db
    .select({ id })
    .from(commands)
    .where(and(lt(queuedAt, before), lt(finishedAt, before), isNotNull(finishedAt)))
    .limit(limit);
  return (await db.delete(commands).where(inArray(id, old))).meta.changes;
}
