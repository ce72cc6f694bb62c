import { and, eq, inArray, lt, sql } from "drizzle-orm";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { commands } from "./schema/events.ts";

export type CommandRow = typeof commands.$inferSelect;

/** Every channel that got the command, in the order of devices. */
export const listChannelsOf = (
  db: Db,
  uuid: string,
  limit: number,
  after: readonly [deviceId: string, userId: string] | undefined,
): Promise<CommandRow[]> =>
  read(() =>
    db
      .select()
      .from(commands)
      .where(
        and(
          eq(commands.uuid, uuid),
          after && sql`(${commands.deviceId}, ${commands.userId}) > (${after[0]}, ${after[1]})`,
        ),
      )
      .orderBy(commands.deviceId, commands.userId)
      .limit(limit)
      .all(),
  );

/** At most so many of the headers of commands that were queued before; how many it were. */
export async function deleteCommands(db: Db, before: number, limit: number): Promise<number> {
  const old = db
    .select({ id: commands.id })
    .from(commands)
    .where(lt(commands.queuedAt, before))
    .orderBy(commands.queuedAt)
    .limit(limit);
  const { meta } = await db.delete(commands).where(inArray(commands.id, old));
  return meta.changes;
}
