import { and, asc, eq, inArray, sql } from "drizzle-orm";
import type { ChannelName } from "./affected-channels.ts";
import { among } from "./batch.ts";
import { type DeviceNames, namesOf } from "./device-names.ts";
import type { Statement } from "./directory.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { channelSets } from "./schema/sets.ts";

/** Which channels have which sets: given by an administrator, or because the set's filter matches. */
export type ChannelSetRow = typeof channelSets.$inferSelect;
export type ChannelPlace = readonly [deviceId: string, userId: string];

/** All sets of all channels of a device. */
export const setsOfDevice = (db: Db, deviceId: string): Promise<ChannelSetRow[]> =>
  read(() =>
    db
      .select()
      .from(channelSets)
      .where(eq(channelSets.deviceId, deviceId))
      .orderBy(asc(channelSets.userId), asc(channelSets.setName), asc(channelSets.source)),
  );

/** Sets that were given to this channel, without those from filters. */
export const isGiven = ({ deviceId, userId }: { deviceId: string; userId: string }) =>
  and(eq(channelSets.deviceId, deviceId), eq(channelSets.userId, userId), eq(channelSets.source, "given"));

/** Replaces the sets that are given to a channel. Those from filters stay. */
export const giveSets = (db: Db, deviceId: string, userId: string, names: readonly string[]): Statement[] => [
  db.delete(channelSets).where(isGiven({ deviceId, userId })),
  db
    .insert(channelSets)
    .select(
      sql`SELECT ${deviceId}, ${userId}, value, 'given' FROM json_each(${JSON.stringify(names)}) WHERE true`,
    )
    .onConflictDoNothing(),
];

const listed = (channels: readonly ChannelName[]) =>
  sql`(SELECT value ->> 'deviceId' AS device_id, value ->> 'userId' AS user_id
    FROM json_each(${JSON.stringify(channels)}))`;

/** Gives a set to many channels; their other sets stay. */
export const giveToMany = (db: Db, setName: string, channels: readonly ChannelName[]): Statement =>
  db
    .insert(channelSets)
    .select(sql`SELECT device_id, user_id, ${setName}, 'given' FROM ${listed(channels)} WHERE true`)
    .onConflictDoNothing();

/** Takes a given set from many channels; those that have it by a filter keep it. */
export const takeFromMany = (db: Db, setName: string, channels: readonly ChannelName[]): Statement =>
  db.delete(channelSets).where(
    sql`(device_id, user_id, set_name, source) IN
        (SELECT device_id, user_id, ${setName}, 'given' FROM ${listed(channels)})`,
  );

/** Channels that the directory does not know. */
export const unknownChannels = (db: Db, channels: readonly ChannelName[]): Promise<ChannelName[]> =>
  read(() =>
    db.all<ChannelName>(
      sql`SELECT device_id AS deviceId, user_id AS userId FROM ${listed(channels)} AS named
        WHERE NOT EXISTS (SELECT 1 FROM devices WHERE id = named.device_id)
          OR (user_id <> '' AND NOT EXISTS (SELECT 1 FROM channels
            WHERE channels.device_id = named.device_id AND channels.user_id = named.user_id))`,
    ),
  );

const place = sql`(${channelSets.deviceId}, ${channelSets.userId})`;

export type Holder = DeviceNames & { deviceId: string; userId: string; given: boolean; byRule: boolean };

/** Who has a set, in the order of ids. */
export const channelsWith = (
  db: Db,
  setName: string,
  limit: number,
  after: ChannelPlace = ["", ""],
): Promise<Holder[]> =>
  read(() =>
    db
      .select({
        deviceId: channelSets.deviceId,
        userId: channelSets.userId,
        ...namesOf(channelSets.deviceId),
        given: sql`max(${channelSets.source} = 'given')`.mapWith(Boolean),
        byRule: sql`max(${channelSets.source} = 'rule')`.mapWith(Boolean),
      })
      .from(channelSets)
      .where(and(eq(channelSets.setName, setName), sql`${place} > (${after[0]}, ${after[1]})`))
      .groupBy(channelSets.deviceId, channelSets.userId)
      .orderBy(asc(channelSets.deviceId), asc(channelSets.userId))
      .limit(limit),
  );

/** The devices that have any of these sets, in the order of ids: one page of all, however long each list is. */
export async function devicesWith(
  db: Db,
  setNames: readonly string[],
  limit: number,
  after: string,
): Promise<string[]> {
  const [first, ...rest] = setNames.map((name) =>
    db
      .selectDistinct({ id: channelSets.deviceId })
      .from(channelSets)
      .where(and(eq(channelSets.setName, name), sql`${channelSets.deviceId} > ${after}`))
      .orderBy(asc(channelSets.deviceId))
      .limit(limit),
  );
  if (first === undefined) return [];
  const lists = await read(() => db.batch([first, ...rest]));
  const ids = new Set(lists.flatMap((rows) => rows.map(({ id }) => id)));
  // The first of the union are among the first of each.
  return [...ids].sort(byBytes).slice(0, limit);
}

/** Those of the devices that have one of the sets on some channel. */
export async function thoseWith(
  db: Db,
  setNames: readonly string[],
  deviceIds: readonly string[],
): Promise<string[]> {
  const rows = await read(() =>
    db
      .selectDistinct({ id: channelSets.deviceId })
      .from(channelSets)
      .where(
        and(
          sql`${channelSets.deviceId} IN ${among(deviceIds)}`,
          sql`${channelSets.setName} IN ${among(setNames)}`,
        ),
      ),
  );
  return rows.map(({ id }) => id);
}

// As SQLite orders text.
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Takes a deleted set from these devices, unless it was created again in the meantime. */
export const takeSet = (db: Db, setName: string, deviceIds: readonly string[]): Statement =>
  db
    .delete(channelSets)
    .where(and(eq(channelSets.setName, setName), inArray(channelSets.deviceId, among(deviceIds))));

/** A deleted device has no sets. */
export const takeAllSets = (db: Db, deviceId: string): Statement =>
  db.delete(channelSets).where(eq(channelSets.deviceId, deviceId));
