import { sql } from "drizzle-orm";
import { among } from "./batch.ts";
import { keyAfter } from "./keyset.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";

/** The channels that have a member of sets, and that a change of it would reach. */
export type ChannelName = { deviceId: string; userId: string };

/** The limit of counting: beyond it the answer is "at least this number". */
export const mostCounted = 10_000;

/**
 * Walks the index of each set from the cursor on, so that a late page costs as much as the first one. A channel with
 * several of the sets is listed once.
 */
export async function listChannelsWith(
  db: Db,
  setNames: readonly string[],
  limit: number,
  after: readonly [deviceId: string, userId: string] | undefined,
): Promise<ChannelName[]> {
  const further = keyAfter([sql`device_id`, sql`user_id`], after ?? ["", ""]);
  const pages = await Promise.all(
    setNames.map((name) =>
      read(() =>
        db.all<ChannelName>(sql`
          SELECT DISTINCT device_id AS deviceId, user_id AS userId FROM channel_sets
          WHERE set_name = ${name} AND ${further}
          ORDER BY device_id, user_id LIMIT ${limit}`),
      ),
    ),
  );
  const byName = new Map(pages.flat().map((channel) => [JSON.stringify(channel), channel]));
  return [...byName.values()].sort(inOrder).slice(0, limit);
}

/** At most `mostCounted`. */
export async function countChannelsWith(db: Db, setNames: readonly string[]): Promise<number> {
  const rows = await read(() =>
    db.all<{ count: number }>(sql`
      SELECT count(*) AS count FROM (
        SELECT DISTINCT device_id, user_id FROM channel_sets
        WHERE set_name IN ${among(setNames)} LIMIT ${mostCounted}
      )`),
  );
  return rows[0]?.count ?? 0;
}

const inOrder = (a: ChannelName, b: ChannelName): number =>
  compare(a.deviceId, b.deviceId) || compare(a.userId, b.userId);

// As SQLite compares texts, which for our ids is as JavaScript does.
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
