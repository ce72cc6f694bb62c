import { toBase64 } from "../../base/bytes.ts";
import type { EventRow } from "../../db/events.ts";
import type { ChannelKind } from "../../mdm/channel.ts";
import { isoTime, type Message } from "./message.ts";

/**
 * Events in the form of NanoMDM (`service/webhook/event.json`), so that programs written for it work.
 *
 * Leaves to others: the message as the device sent it (`original.ts`).
 *
 * The surprise: NanoMDM reports messages, and we report changes. A message that changed nothing (an Idle, a request for a
 * token) is not an event here.
 */
export const nanoTopics: { readonly [name: string]: string } = {
  "device.authenticated": "mdm.Authenticate",
  "channel.enabled": "mdm.TokenUpdate",
  "device.unenrolled": "mdm.CheckOut",
  "escrow.stored": "mdm.SetBootstrapToken",
  "escrow.deleted": "mdm.SetBootstrapToken",
  "escrow.read": "mdm.GetBootstrapToken",
  "command.finished": "mdm.Connect",
  "command.not_now": "mdm.Connect",
};

const statuses: { readonly [state: string]: string } = {
  acknowledged: "Acknowledged",
  error: "Error",
  format_error: "CommandFormatError",
};

/** Its name in NanoMDM; undefined: NanoMDM does not report it. */
export function nanoTopicOf({ name, detail }: Pick<EventRow, "name" | "detail">): string | undefined {
  const topic = nanoTopics[name];
  if (name.startsWith("escrow."))
    return detail.name === "bootstrap-token" && detail.uuid === undefined && isByDevice(name, detail)
      ? topic
      : undefined;
  if (name === "device.unenrolled") return detail.by === "device" ? topic : undefined;
  // The device never answered cancelled and expired commands.
  if (name === "command.finished") return statuses[String(detail.state)] && topic;
  return topic;
}

const isByDevice = (name: string, detail: EventRow["detail"]): boolean =>
  name !== "escrow.read" || detail.by === "device";

/** The content of a Connect. */
export const nanoStatusOf = ({ name, detail }: Pick<EventRow, "name" | "detail">): string | undefined =>
  name === "command.not_now" ? "NotNow" : statuses[String(detail.state)];

export type Told = { raw: Uint8Array; kind: ChannelKind };

const types: Record<ChannelKind, string> = {
  device: "Device",
  user_enrollment: "User Enrollment (Device)",
  mac_user: "User",
  shared_ipad_user: "Shared iPad",
  user_enrollment_user: "User Enrollment",
};

export const isUserEnrollment = (kind: ChannelKind): boolean => kind.startsWith("user_enrollment");

export function nanoEvent(event: EventRow, topic: string, { raw, kind }: Told): Message {
  const { deviceId, userId, detail } = event;
  const ids =
    userId === null
      ? { id: deviceId, type: types[kind] }
      : { id: `${deviceId}:${userId}`, type: types[kind], parent_id: deviceId };
  const whose = {
    ...(isUserEnrollment(kind) ? { enrollment_id: deviceId } : { udid: deviceId }),
    ids,
  };
  const rawPayload = { raw_payload: toBase64(raw) };
  const about =
    topic === "mdm.Connect"
      ? {
          acknowledge_event: {
            ...whose,
            status: nanoStatusOf(event),
            command_uuid: detail.uuid,
            ...rawPayload,
          },
        }
      : {
          checkin_event: {
            ...whose,
            ...rawPayload,
            // 1 means "just enrolled" there; we do not count later messages.
            ...(topic === "mdm.TokenUpdate" && { token_update_tally: detail.first === true ? 1 : 2 }),
          },
        };
  const body = JSON.stringify({
    topic,
    event_id: event.id.toString(16).padStart(16, "0"),
    created_at: isoTime(event.at),
    ...about,
  });
  return { body, contentType: "application/json; charset=utf-8" };
}
