import { toBase64 } from "../../base/bytes.ts";
import type { EventRow } from "../../db/events.ts";
import type { ChannelKind } from "../../mdm/channel.ts";
import { isoTime, type Message } from "./message.ts";

/**
 * Events in the form of NanoMDM (`service/webhook/event.json`), so that what was written for it goes on.
 *
 * Leaves to others: the message as the device sent it (`original.ts`).
 *
 * The surprise: NanoMDM tells of messages and we tell of what they changed. What changed nothing (an Idle, a question
 * for a token) is no event here, and has no counterpart.
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

/** What it is called there; undefined: it would never have been said there. */
export function nanoTopicOf({ name, detail }: Pick<EventRow, "name" | "detail">): string | undefined {
  const topic = nanoTopics[name];
  if (name.startsWith("escrow."))
    return detail.name === "bootstrap-token" && detail.uuid === undefined && isByDevice(name, detail)
      ? topic
      : undefined;
  if (name === "device.unenrolled") return detail.by === "device" ? topic : undefined;
  // Cancelled and expired commands were never answered.
  if (name === "command.finished") return statuses[String(detail.state)] && topic;
  return topic;
}

const isByDevice = (name: string, detail: EventRow["detail"]): boolean =>
  name !== "escrow.read" || detail.by === "device";

/** What stands in a Connect. */
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
            // 1 says "just enrolled" there; how often it came since is counted nowhere here.
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
