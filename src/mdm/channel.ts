import { ok, type Result, refuse } from "../base/result.ts";
import type { PlistDict } from "../plist/value.ts";

/**
 * The sender of a message: one device, and one of its channels.
 *
 * The keys and their order of precedence are Apple's (check-in and connect messages); UDID wins when a message
 * has both kinds of id, so that the second one cannot mislead.
 *
 * The surprise: every Shared iPad user has the same UserID. Only the short name distinguishes them.
 */
export type ChannelKind =
  | "device"
  | "user_enrollment"
  | "mac_user"
  | "shared_ipad_user"
  | "user_enrollment_user";

export type ChannelReference = {
  deviceId: string;
  /** The user channel's id within the device; undefined for the device channel. */
  userId: string | undefined;
  kind: ChannelKind;
};

export type ChannelRefusal =
  | { reason: "no-identifier"; detail: string }
  | { reason: "bad-identifier"; key: string; detail: string };

const sharedIpadUser = "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF";
const longestId = 255;

/** Undefined if the message has no id, like the bootstrap-token messages in Apple's schema. */
export function readChannel(message: PlistDict): Result<ChannelReference | undefined, ChannelRefusal> {
  const udid = message.get("UDID");
  if (udid !== undefined) return withUser("UDID", udid, ...userOfDevice(message));
  const enrollmentId = message.get("EnrollmentID");
  if (enrollmentId !== undefined) return withUser("EnrollmentID", enrollmentId, ...userOfEnrollment(message));
  return ok(undefined);
}

/**
 * The name of a channel in other tools: `<device id>` or `<device id>:<user id>`. Only the first colon separates the two,
 * because user ids may contain colons.
 */
export function parseEnrollmentId(id: string): { deviceId: string; userId: string | undefined } {
  const colon = id.indexOf(":");
  return colon < 0
    ? { deviceId: id, userId: undefined }
    : { deviceId: id.slice(0, colon), userId: id.slice(colon + 1) };
}

type User = [kind: ChannelKind, key: string, value: unknown] | [kind: ChannelKind];

function userOfDevice(message: PlistDict): User {
  const userId = message.get("UserID");
  if (userId === undefined) return ["device"];
  if (userId === sharedIpadUser)
    return ["shared_ipad_user", "UserShortName", message.get("UserShortName") ?? ""];
  return ["mac_user", "UserID", userId];
}

function userOfEnrollment(message: PlistDict): User {
  const userId = message.get("EnrollmentUserID");
  return userId === undefined ? ["user_enrollment"] : ["user_enrollment_user", "EnrollmentUserID", userId];
}

function withUser(
  key: string,
  id: unknown,
  ...[kind, userKey, user]: [...User]
): Result<ChannelReference, ChannelRefusal> {
  if (!isDeviceId(id)) return badId(key, id);
  if (userKey === undefined) return ok({ deviceId: id, userId: undefined, kind });
  return isId(user) ? ok({ deviceId: id, userId: user, kind }) : badId(userKey, user);
}

/** Possible device ids. They name objects, and the platform limits names to 1,024 bytes. */
export const isDeviceId = (value: unknown): value is string => isId(value) && !value.includes(":");

const isId = (value: unknown): value is string =>
  typeof value === "string" && value.length > 0 && value.length <= longestId && !hasControlCharacter(value);

const hasControlCharacter = (text: string): boolean =>
  [...text].some((char) => char < " " || char === "\u007f");

const badId = (key: string, value: unknown): { ok: false; refusal: ChannelRefusal } =>
  refuse({
    reason: "bad-identifier",
    key,
    detail: `${key} must be 1 to ${longestId} printable characters, not ${typeof value === "string" ? `${value.length} of them` : typeof value}`,
  });
