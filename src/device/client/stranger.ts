import type { DeviceMessage } from "../../mdm/decode.ts";
import { type Reply, refused } from "../reply.ts";
import { unenrollReply } from "../turn.ts";
import { listedDevice, policyOf } from "./identity-lookup.ts";

/**
 * The answer to a sender whose certificate no authority of this server issued. No enrolled device has such a certificate.
 * No object is asked and nothing is written, so strangers cost no storage, whatever ids they name.
 */
export async function answerStranger(env: Env, message: DeviceMessage, now: number): Promise<Reply> {
  return (await isToldToLeave(env, message, now)) ? unenrollReply(undefined) : refused(strangersIdentity);
}

export const strangersIdentity = {
  reason: "identity-not-issued",
  detail: "untrusted: no authority of this server issued the certificate",
} as const;

/** A sender that asks to enroll is only refused; so is one that names a known device. */
async function isToldToLeave(env: Env, message: DeviceMessage, now: number): Promise<boolean> {
  const enrols = message.as === "checkin" && message.checkin.MessageType === "Authenticate";
  if (message.channel === undefined || enrols) return false;
  if ((await policyOf(env, now)).unknownDevice !== "unenroll") return false;
  return (await listedDevice(env, message.channel.deviceId)) === undefined;
}
