import { logFault } from "../base/log.ts";
import type { Statement } from "../db/directory.ts";
import type { Db } from "../db/open.ts";
import { addQueuedCommands, type QueuedCommand } from "../db/queued-commands.ts";
import type { DeviceEvent } from "./event.ts";
import { concerned } from "./listeners.ts";

/**
 * The news that a command was queued, brought to the directory by whoever queued it: an object that slept need not wake a
 * second time for that. The object keeps it too, and delivers it with its next ones, which changes nothing any more.
 */
export type QueuedNews = QueuedCommand;

export const queuedNews = (deviceId: string, events: readonly DeviceEvent[]): QueuedNews[] =>
  events.flatMap(({ seq, at, userId = null, detail, change }) => {
    if (change?.command === undefined) return [];
    const { uuid, requestType, origin, queuedAt } = change.command;
    return [{ deviceId, seq, at, userId, detail, uuid, requestType, origin, queuedAt }];
  });

/** `also`: what else is to be written in the same call. Returns the webhooks that wait for such events. */
export async function bringQueuedNews(
  db: Db,
  news: readonly QueuedNews[],
  also: readonly Statement[] = [],
): Promise<readonly string[]> {
  return concerned(await addQueuedCommands(db, news, also, Date.now()), ["command.queued"]);
}

/** They could not be brought: the objects do it themselves. */
export async function leaveQueuedNews(env: Env, news: readonly QueuedNews[]): Promise<void> {
  for (const deviceId of new Set(news.map((one) => one.deviceId))) {
    try {
      await env.DEVICE.getByName(deviceId).deliverSoon();
    } catch (fault) {
      logFault("device.news_not_left", fault, { device_id: deviceId });
    }
  }
}
