import type { EventRow } from "../../db/events.ts";

/** The message for one event: the body and its content type. */
export type Message = { body: string; contentType: string };

/** The same for all retries; without a dot, which Standard Webhooks reserves. */
export const messageId = ({ id }: Pick<EventRow, "id">): string => `evt_${id}`;

export const isoTime = (at: number): string => new Date(at).toISOString();

/** The event as the list of events shows it. */
export const publicEvent = (event: EventRow) => ({
  id: event.id,
  device_id: event.deviceId || null,
  channel: event.userId,
  name: event.name,
  detail: event.detail,
  at: isoTime(event.at),
});
