import type { Bytes } from "../../base/bytes.ts";
import { ok, type Result, refuse } from "../../base/result.ts";
import { day } from "../../base/time.ts";
import type { Checkin } from "../../mdm/checkin.ts";
import { checkinType, type DeviceMessage, decodeMessage } from "../../mdm/decode.ts";
import type { IdentityLookup } from "../identity/enrollment-state.ts";
import { placeOf } from "../identity/taken-over.ts";
import type { Reply } from "../reply.ts";
import type { DevicePolicy } from "../turn.ts";
import { listedDevice, policyOf } from "./identity-lookup.ts";
import { claimFrom, serialStanding } from "./serial-claims.ts";

/**
 * A device of another server is taken over by the check-in messages that it once sent there: its object hears them as if
 * it enrolled here. They prove no identity. So the place of one is kept, and the first certificate of the former
 * authority that speaks for the device takes it (`enrollment-state.ts`).
 */
export type TakeOverRefusal = { reason: string; detail: string };

const takenOver: ReadonlySet<Checkin["MessageType"]> = new Set([
  "Authenticate",
  "TokenUpdate",
  "SetBootstrapToken",
]);

/** What the object asks about at most: settings, a serial number, a claim. */
const mostSaid = 4;

export async function takeOver(env: Env, raw: Bytes): Promise<Result<undefined, TakeOverRefusal>> {
  const message = decodeMessage(checkinType, raw);
  if (!message.ok) return message;
  const { channel } = message.value;
  if (!isTakenOver(message.value))
    return refuse({
      reason: "not-taken-over",
      detail: `a migration is made of ${[...takenOver].join(", ")}`,
    });
  if (channel === undefined)
    return refuse({ reason: "no-identifier", detail: "the message names no device" });
  const { deviceId } = channel;
  const fingerprint = placeOf(deviceId);
  const device = env.DEVICE.getByName(deviceId);
  let lookup: IdentityLookup<DevicePolicy> | undefined;
  for (let said = 0; said < mostSaid; said++) {
    const reply: Reply = await device.checkin(
      { channel, proven: { fingerprint, lookup }, raw },
      message.value.checkin,
    );
    if (reply.kind === "look-up") lookup = await lookUpPlace(env, deviceId, reply.serial);
    else if (reply.kind === "claim" && lookup?.serial !== undefined && reply.serial !== undefined)
      lookup = { ...lookup, serial: await claimFrom(env, lookup.serial, deviceId, reply.from, Date.now()) };
    else if (reply.kind === "refused") return refuse(reply.refusal);
    else if (reply.kind === "unenroll")
      return refuse({
        reason: "unenrolled",
        detail: "an administrator ended the enrollment of this device here",
      });
    else return ok(undefined);
  }
  throw new Error("the device's object goes on asking");
}

const isTakenOver = (message: DeviceMessage): message is Extract<DeviceMessage, { as: "checkin" }> =>
  message.as === "checkin" && takenOver.has(message.checkin.MessageType);

async function lookUpPlace(
  env: Env,
  deviceId: string,
  serial: string | undefined,
): Promise<IdentityLookup<DevicePolicy>> {
  const [policy, listed, standing] = await Promise.all([
    policyOf(env, Date.now()),
    listedDevice(env, deviceId),
    serial === undefined ? undefined : serialStanding(env, serial, deviceId),
  ]);
  const issued = ok({
    fingerprint: placeOf(deviceId),
    // It is replaced by a certificate, and not renewed.
    notAfter: Date.now() + 36_500 * day,
    issuedFor: undefined,
    renewalOf: undefined,
    claimedBy: deviceId,
    hasServed: false,
    terms: undefined,
  });
  return { policy, issued, listed, ...(standing && { serial: standing }) };
}
