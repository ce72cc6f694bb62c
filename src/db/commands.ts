import { and, eq, sql } from "drizzle-orm";
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
