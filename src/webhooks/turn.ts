import type { EventRow } from "../db/events.ts";
import { isWanted } from "../events/topics.ts";
import type { Parcel } from "./lanes.ts";
import type { Health } from "./pace.ts";
import { isSayable } from "./payload/compose.ts";
import type { Progress, WebhookStore } from "./store.ts";
import type { OpenWebhook } from "./webhook.ts";

/** What one turn takes on, and what it makes of the answers. */
export const size = {
  /** Messages a turn: an invocation may send only so many requests. */
  messages: 40,
  /** To a receiver that took nothing lately. */
  probes: 3,
  /** Slack takes one a second. */
  slackMessages: 1,
  /** Events looked at a turn, most of which may interest nobody here. */
  events: 500,
  /** With so many waiting, no more are fetched: the log of events keeps them. */
  waiting: 2_000,
  /** With so many given up, the target pauses. */
  dead: 1_000,
} as const;

/** While it expects news. */
export const lookEveryMs = 10_000;

export const mostMessages = ({ row }: OpenWebhook, { failures }: Health): number => {
  if (failures > 0) return size.probes;
  return row.style === "slack" ? size.slackMessages : size.messages;
};

/** What waited long enough: the first of each device, and what stands behind it. */
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

/** New events of a device that is held up wait behind the others. */
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

/** Which of the next events are for this target, until there is no more room; and how far that leads. */
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

/** Nobody is told of his own troubles in handing things over: each would make the next. */
export const isFor = ({ id, style, topics }: OpenWebhook["row"], event: EventRow): boolean =>
  isWanted(topics, event.name) &&
  isSayable(style, event) &&
  !(event.name.startsWith("webhook.") && event.detail.webhook === id);

/** When the object has something to do next; undefined: when it is woken. */
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
