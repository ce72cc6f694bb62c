import { applyAndFindListeners, type Statement } from "./directory.ts";
import { leanStatement } from "./lean.ts";
import type { Db } from "./open.ts";
import type { commands, events } from "./schema/events.ts";

/** A command of a device that has just been queued, and the event of it. */
export type QueuedCommand = Pick<
  typeof commands.$inferSelect,
  "uuid" | "requestType" | "origin" | "queuedAt"
> &
  Pick<typeof events.$inferSelect, "deviceId" | "seq" | "userId" | "at"> & {
    detail: Record<string, string | number | boolean | null>;
  };

/**
 * Those of many devices, in three statements. As with all news of devices, to apply them twice or late changes nothing. A
 * device that is not listed stays so: it may have been deleted meanwhile.
 */
export function addQueuedCommands(
  db: Db,
  queued: readonly QueuedCommand[],
  also: readonly Statement[],
  now: number,
): Promise<{ id: string; topics: string[] }[]> {
  const json = JSON.stringify(queued);
  const all = (query: string): Statement => leanStatement(db, query, [json]);
  const known = "EXISTS (SELECT 1 FROM devices WHERE id = value ->> 'deviceId')";
  return applyAndFindListeners(
    db,
    [
      all(
        `INSERT INTO events (device_id, seq, name, user_id, detail, at)
         SELECT value ->> 'deviceId', value ->> 'seq', 'command.queued', value ->> 'userId', value -> 'detail', value ->> 'at'
         FROM json_each(?1) WHERE ${known} ON CONFLICT DO NOTHING`,
      ),
      all(
        `INSERT INTO commands (uuid, device_id, user_id, request_type, state, origin, seq, queued_at)
         SELECT value ->> 'uuid', value ->> 'deviceId', coalesce(value ->> 'userId', ''), value ->> 'requestType', 'queued',
           value ->> 'origin', value ->> 'seq', value ->> 'queuedAt'
         FROM json_each(?1) WHERE ${known}
         ON CONFLICT (uuid, device_id, user_id) DO UPDATE SET
           state = excluded.state, error = NULL, finished_at = NULL, seq = excluded.seq
         WHERE commands.seq < excluded.seq`,
      ),
      all(
        `UPDATE devices SET applied_seq = news.seq
         FROM (SELECT value ->> 'deviceId' AS id, max(value ->> 'seq') AS seq FROM json_each(?1) GROUP BY 1) AS news
         WHERE devices.id = news.id AND applied_seq < news.seq`,
      ),
      ...also,
    ],
    now,
  );
}
