import type { EventRow } from "../../db/events.ts";

/** What is sent of one event: the body, and the header that says what it is. */
export type Message = { body: string; contentType: string };

/** The same over all retries; no dot, which Standard Webhooks keeps for itself. */
export const messageId = ({ id }: Pick<EventRow, "id">): string => `evt_${id}`;

export const isoTime = (at: number): string => new Date(at).toISOString();

/** As the list of events shows it. */
export const publicEvent = (event: EventRow) => ({
  id: event.id,
  device_id: event.deviceId || null,
  channel: event.userId,
  name: event.name,
  detail: event.detail,
  at: isoTime(event.at),
});
