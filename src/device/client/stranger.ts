import type { DeviceMessage } from "../../mdm/decode.ts";
import { type Reply, refused } from "../reply.ts";
import { unenrollReply } from "../turn.ts";
import { listedDevice, policyOf } from "./identity-lookup.ts";

/**
 * The answer to a sender whom none of our authorities stands behind: no device that is enrolled here is like that. No
 * object is asked and nothing is written, so whatever ids strangers name, they cost no storage.
 */
export async function answerStranger(env: Env, message: DeviceMessage, now: number): Promise<Reply> {
  return (await isToldToLeave(env, message, now)) ? unenrollReply(undefined) : refused(strangersIdentity);
}

export const strangersIdentity = {
  reason: "identity-not-issued",
  detail: "untrusted: the certificate was issued by none of our authorities",
} as const;

/** Who asks to enrol is only refused; so is whoever names a device of ours. */
async function isToldToLeave(env: Env, message: DeviceMessage, now: number): Promise<boolean> {
  const enrols = message.as === "checkin" && message.checkin.MessageType === "Authenticate";
  if (message.channel === undefined || enrols) return false;
  if ((await policyOf(env, now)).unknownDevice !== "unenroll") return false;
  return (await listedDevice(env, message.channel.deviceId)) === undefined;
}
