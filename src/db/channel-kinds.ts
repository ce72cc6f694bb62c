import { inArray } from "drizzle-orm";
import type { ChannelKind } from "../mdm/channel.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { channels } from "./schema/devices.ts";

/** What kind each channel of a few devices is, under `<device id>:<user id>`; fewer than a hundred devices. */
export async function channelKinds(
  db: Db,
  deviceIds: readonly string[],
): Promise<ReadonlyMap<string, ChannelKind>> {
  const { deviceId, userId, kind } = channels;
  const wanted = [...new Set(deviceIds)];
  const rows = await read(() =>
    db.select({ deviceId, userId, kind }).from(channels).where(inArray(deviceId, wanted)),
  );
  return new Map(rows.map((row) => [`${row.deviceId}:${row.userId}`, row.kind as ChannelKind]));
}
