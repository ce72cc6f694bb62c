import type { EventRow } from "../../db/events.ts";
import { isoTime, type Message, messageId, publicEvent } from "./message.ts";

/**
 * CloudEvents 1.0 in structured mode: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
 *
 * `sequence` is the extension with that name: it sorts as text and always rises.
 */
export function cloudEvent(event: EventRow, source: string): Message {
  const subject = event.userId === null ? event.deviceId : `${event.deviceId}:${event.userId}`;
  const body = JSON.stringify({
    specversion: "1.0",
    id: messageId(event),
    source,
    type: `edgemdm.${event.name}`,
    ...(subject && { subject }),
    time: isoTime(event.at),
    datacontenttype: "application/json",
    sequence: String(event.id).padStart(16, "0"),
    data: publicEvent(event),
  });
  return { body, contentType: "application/cloudevents+json; charset=utf-8" };
}
