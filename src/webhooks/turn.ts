import type { EventRow } from "../db/events.ts";
import { isWanted } from "../events/topics.ts";
import type { Parcel } from "./lanes.ts";
import type { Health } from "./pace.ts";
import { isSayable } from "./payload/compose.ts";
import type { Progress, WebhookStore } from "./store.ts";
import type { OpenWebhook } from "./webhook.ts";

/** The work of one turn, and what follows from the answers. */
export const size = {
  /** Messages in a turn: an invocation may send only a limited number of requests. */
  messages: 40,
  /** Messages to a receiver that has accepted nothing lately. */
  probes: 3,
  /** Slack allows one a second. */
  slackMessages: 1,
  /** Events read in a turn; most of them may not be for this target. */
  events: 500,
  /** With this number of waiting messages, no more events are read: they stay in the log of events. */
  waiting: 2_000,
  /** With this number of dead letters, the target pauses. */
  dead: 1_000,
} as const;

/** The interval while it expects new events. */
export const lookEveryMs = 10_000;

export const mostMessages = ({ row }: OpenWebhook, { failures }: Health): number => {
  if (failures > 0) return size.probes;
  return row.style === "slack" ? size.slackMessages : size.messages;
};

/** The due messages: the first of each device, and those behind it. */
export function dueParcels(store: WebhookStore, isProbing: boolean, most: number, now: number): Parcel[] {
  const parcels: Parcel[] = [];
  for (const head of store.due(now, most)) {
    const room = most - parcels.length;
    if (room <= 0) break;
    const followers = isProbing ? [] : store.behind(head.device_id, head.event_id, room - 1);
    for (const { event, attempts } of [head, ...followers])
      parcels.push({ event: JSON.parse(event) as EventRow, attempts, isStored: true });
  }
  return parcels;
}

/** New events of a delayed device wait behind its others. */
export function partHeld(
  store: WebhookStore,
  fresh: readonly EventRow[],
  due: readonly Parcel[],
): { free: Parcel[]; held: EventRow[] } {
  const busy = new Set(due.map(({ event }) => event.deviceId));
  const isHeld = ({ deviceId }: EventRow): boolean => busy.has(deviceId) || store.holdsUp(deviceId);
  const { held = [], free = [] } = Object.groupBy(fresh, (event) => (isHeld(event) ? "held" : "free"));
  return { held, free: free.map((event) => ({ event, attempts: 0, isStored: false })) };
}

/** The next events for this target, up to the limit, and the new position. */
export function freshParcels(
  { row }: OpenWebhook,
  events: readonly EventRow[],
  cursor: number,
  room: number,
): { fresh: EventRow[]; cursor: number } {
  const fresh: EventRow[] = [];
  let reached = cursor;
  for (const event of events) {
    if (isFor(row, event)) {
      if (fresh.length >= room) break;
      fresh.push(event);
    }
    reached = event.id;
  }
  return { fresh, cursor: reached };
}

/** A target does not get events about its own failures, because each would cause the next. */
export const isFor = ({ id, style, topics }: OpenWebhook["row"], event: EventRow): boolean =>
  isWanted(topics, event.name) &&
  isSayable(style, event) &&
  !(event.name.startsWith("webhook.") && event.detail.webhook === id);

/** When the object has work next; undefined: only when it is woken. */
export function nextAt(
  progress: Progress,
  store: WebhookStore,
  more: boolean,
  now: number,
): number | undefined {
  const due = store.nextDueAt();
  const look = progress.awakeUntil > now ? now + lookEveryMs : undefined;
  const wanted = [more ? now : undefined, due, look].filter((at) => at !== undefined);
  return wanted.length === 0 ? undefined : Math.max(Math.min(...wanted), progress.retryAt, now);
}
