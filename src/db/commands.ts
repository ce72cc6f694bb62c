import { and, eq } from "drizzle-orm";
import { keyAfter } from "./keyset.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { commands } from "./schema/events.ts";

export type CommandRow = typeof commands.$inferSelect;

/** The owner of a command: a channel of a device. */
export type CommandPlace = readonly [deviceId: string, userId: string];

/** The command with one UUID on every channel that got it, in the order of devices. */
export const listCommandsOf = (
  db: Db,
  uuid: string,
  limit: number,
  after: CommandPlace | undefined,
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
