import type { EventRow } from "../../db/events.ts";
import type { ChannelKind } from "../../mdm/channel.ts";
import { mask } from "../../mdm/secrets.ts";
import { readPlist } from "../../plist/read.ts";
import type { PlistInput } from "../../plist/value.ts";
import { writePlist } from "../../plist/write.ts";
import { isUserEnrollment, nanoStatusOf } from "./nanomdm.ts";

/**
 * The message of an event as the device sent it, from the device's object. The object has every byte of the last
 * Authenticate and TokenUpdate, and of results. For others, and for deleted ones, a message is made from the event: its
 * type and its sender.
 */
const largest = 2 * 1024 * 1024;

export async function originalOf(
  env: Env,
  event: EventRow,
  topic: string,
  kind: ChannelKind,
  withSecrets: boolean,
): Promise<Uint8Array> {
  const kept = await keptMessage(env, event, topic);
  if (kept === undefined || kept.length > largest) return rebuilt(event, topic, kind);
  if (withSecrets) return kept;
  const read = readPlist(kept);
  return read.ok ? writePlist(mask(read.value)) : rebuilt(event, topic, kind);
}

async function keptMessage(env: Env, event: EventRow, topic: string): Promise<Uint8Array | undefined> {
  const object = env.DEVICE.getByName(event.deviceId);
  const userId = event.userId ?? "";
  switch (topic) {
    case "mdm.Authenticate":
      return object.readMessage("Authenticate", userId);
    case "mdm.TokenUpdate":
      return object.readMessage("TokenUpdate", userId);
    case "mdm.Connect": {
      if (event.name !== "command.finished") return undefined;
      const whole = await object.readCommand(userId, String(event.detail.uuid));
      return whole?.header.truncated ? undefined : whole?.result;
    }
    default:
      return undefined;
  }
}

function rebuilt(event: EventRow, topic: string, kind: ChannelKind): Uint8Array {
  const whose: { [key: string]: PlistInput } = {
    [isUserEnrollment(kind) ? "EnrollmentID" : "UDID"]: event.deviceId,
    ...userKeys(event, kind),
  };
  return writePlist(
    topic === "mdm.Connect"
      ? { ...whose, Status: nanoStatusOf(event) ?? "", CommandUUID: String(event.detail.uuid) }
      : { ...whose, MessageType: topic.slice("mdm.".length) },
  );
}

function userKeys({ userId }: EventRow, kind: ChannelKind): { [key: string]: PlistInput } {
  if (userId === null) return {};
  if (kind === "shared_ipad_user")
    return { UserID: "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", UserShortName: userId };
  return { [isUserEnrollment(kind) ? "EnrollmentUserID" : "UserID"]: userId };
}
