import { and, eq, type SQL, sql } from "drizzle-orm";
import { keyAfter } from "./keyset.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { commands } from "./schema/events.ts";

export type CommandRow = typeof commands.$inferSelect;

/** The owner of a command: a channel of a device. */
export type CommandPlace = readonly [deviceId: string, userId: string];

/** How many channels one page looks at, however few of them are in the state it was asked for. */
const longestWalk = 10_000;

/** The command of one UUID on every channel that got it, or on those where it is in this state, in the order of devices. */
export async function listCommandsOf(
  db: Db,
  uuid: string,
  limit: number,
  after: CommandPlace | undefined,
  state?: string,
  longest = longestWalk,
): Promise<{ rows: CommandRow[]; stoppedAt: CommandPlace | undefined }> {
  const { deviceId, userId } = commands;
  const range = and(eq(commands.uuid, uuid), keyAfter([deviceId, userId], after));
  const stop = state === undefined ? undefined : await endOfWalk(db, range, longest);
  const until = stop && sql`(${deviceId}, ${userId}) <= (${stop[0]}, ${stop[1]})`;
  const rows = await read(() =>
    db
      .select()
      .from(commands)
      .where(and(range, until, state === undefined ? undefined : sql`${commands.state} = ${state}`))
      .orderBy(deviceId, userId)
      .limit(limit)
      .all(),
  );
  return { rows, stoppedAt: rows.length < limit ? stop : undefined };
}

async function endOfWalk(db: Db, range: SQL | undefined, longest: number): Promise<CommandPlace | undefined> {
  const { deviceId, userId } = commands;
  const [last] = await read(() =>
    db
      .select({ deviceId, userId })
      .from(commands)
      .where(range)
      .orderBy(deviceId, userId)
      .limit(1)
      .offset(longest - 1),
  );
  return last && [last.deviceId, last.userId];
}
