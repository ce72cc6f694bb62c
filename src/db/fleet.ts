import { and, asc, eq, gt, inArray, isNull, lt, lte, max, sql } from "drizzle-orm";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { certificates } from "./schema/certificates.ts";
import { channels, devices } from "./schema/devices.ts";
import { commands } from "./schema/events.ts";

/** Walks over the whole fleet in limited pages, each in the order of an index. */
export type ListedDevice = {
  id: string;
  state: "pending" | "enrolled" | "unenrolled" | "erased";
  generation: number;
  lastSeenAt: number | null;
  channels: { userId: string; enabled: boolean }[];
};

/** Devices of the directory by id, with their channels. */
export async function walkDirectory(db: Db, after: string, limit: number): Promise<ListedDevice[]> {
  const { id, state, generation, lastSeenAt } = devices;
  const rows = await read(() =>
    db
      .select({ id, state, generation, lastSeenAt })
      .from(devices)
      .where(gt(devices.id, after))
      .orderBy(asc(devices.id))
      .limit(limit),
  );
  const last = rows.at(-1);
  if (last === undefined) return [];
  const { deviceId, userId, enabled } = channels;
  // A range and no list of ids: a statement takes a hundred parameters.
  const found = await read(() =>
    db
      .select({ deviceId, userId, enabled })
      .from(channels)
      .where(and(gt(deviceId, after), lte(deviceId, last.id))),
  );
  const byDevice = Map.groupBy(found, (channel) => channel.deviceId);
  return rows.map((row) => ({ ...row, channels: byDevice.get(row.id) ?? [] }));
}

/** Ids of enrolled devices, in their order. */
export async function walkEnrolled(db: Db, after: string, limit: number): Promise<string[]> {
  const rows = await read(() =>
    db
      .select({ id: devices.id })
      .from(devices)
      .where(and(eq(devices.state, "enrolled"), gt(devices.id, after)))
      .orderBy(asc(devices.id))
      .limit(limit),
  );
  return rows.map(({ id }) => id);
}

/** Devices by id that an identity was claimed for, and whether the directory lists them. */
export function walkClaims(db: Db, after: string, limit: number): Promise<{ id: string; listed: boolean }[]> {
  const claimed = db
    .selectDistinct({ id: sql<string>`${certificates.deviceId}`.as("claimed_id") })
    .from(certificates)
    .where(gt(certificates.deviceId, after))
    .orderBy(asc(certificates.deviceId))
    .limit(limit)
    .as("claimed");
  return read(() =>
    db
      .select({ id: claimed.id, listed: sql`${devices.id} is not null`.mapWith(Boolean) })
      .from(claimed)
      .leftJoin(devices, eq(devices.id, claimed.id))
      .orderBy(asc(claimed.id)),
  );
}

export type UnfinishedCommand = {
  id: number;
  deviceId: string;
  uuid: string;
  userId: string;
  requestType: string;
  queuedAt: number;
  origin: string;
};

/**
 * Commands that wait according to the directory, by row id. Reads `window` rows at most: most commands have ended, and an
 * index of the waiting ones would be written with every command only for this walk.
 */
export async function walkUnfinished(
  db: Db,
  after: number,
  window: number,
  limit: number,
  queuedBefore: number,
): Promise<{ rows: UnfinishedCommand[]; next: number | undefined }> {
  const { id, deviceId, uuid, userId, requestType, queuedAt, origin, state } = commands;
  const [newest, rows] = await read(() =>
    db.batch([
      db.select({ id: max(id) }).from(commands),
      db
        .select({ id, deviceId, uuid, userId, requestType, queuedAt, origin })
        .from(commands)
        .where(
          and(
            gt(id, after),
            lte(id, after + window),
            inArray(state, ["queued", "sent", "not_now"]),
            isNull(commands.finishedAt),
            lt(queuedAt, queuedBefore),
          ),
        )
        .orderBy(asc(id))
        .limit(limit),
    ]),
  );
  const reached = rows.length === limit ? (rows.at(-1)?.id ?? after) : after + window;
  return { rows, next: reached < (newest[0]?.id ?? 0) ? reached : undefined };
}
