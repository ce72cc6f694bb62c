import { and, eq } from "drizzle-orm";
import { keyAfter } from "./keyset.ts";
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
      .where(and(eq(commands.uuid, uuid), keyAfter([commands.deviceId, commands.userId], after)))
      .orderBy(commands.deviceId, commands.userId)
      .limit(limit)
      .all(),
  );
