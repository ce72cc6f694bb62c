import type { Context } from "hono";
import { deviceOfIdentity } from "../../device/consult.ts";
import type { Reply } from "../../device/reply.ts";
import { type DeviceMessage, decodeMessage } from "../../mdm/decode.ts";
import { identify, type ProvenIdentity } from "../../mdm/identify.ts";
import type { Speaker } from "../../mdm/speaker.ts";
import type { AppEnv } from "../app-env.ts";
import { readBody } from "../body.ts";
import { noteDevice, notePlainRoute } from "../trace.ts";
import { answer, type DoorRefusal } from "./answer.ts";
import { deviceDoor } from "./door.ts";
import { askUntilSettled, presentedBy, turnAway } from "./speech.ts";

/**
 * Check-in and connect, at one address or at two. A device's request is read, its sender proven, and handed to the
 * device's object in one call. Only what the object cannot know by itself costs more.
 */
export const mdm = deviceDoor();

const paths = ["/mdm", "/mdm/checkin", "/checkin", "/mdm/connect"];

mdm.on("PUT", paths, async (c) => {
  notePlainRoute(c);
  const body = await readBody(c.req.raw, largestBody);
  if (!body.ok) return turnAway(c, { reason: "body-too-large", detail: `more than ${largestBody} bytes` });
  const identity = await identify(presentedBy(c), body.value, c.var.configuration.proxySecret);
  if (!identity.ok) return turnAway(c, identity.refusal);
  const message = decodeMessage(c.req.header("Content-Type"), body.value);
  if (!message.ok) return turnAway(c, message.refusal);
  const speaker = message.value.speaker ?? (await speakerOf(c.env, identity.value));
  if (speaker === undefined) return turnAway(c, nobodyKnown);
  noteDevice(c, speaker.deviceId);
  const reply = await converse(c, message.value, speaker, identity.value, body.value);
  if (reply.kind === "refused") return turnAway(c, reply.refusal);
  return answer(c, reply);
});

/** Beyond this a report is not even read: a device that repeats it is told so each time. */
const largestBody = 25 * 1024 * 1024;

const nobodyKnown: DoorRefusal = {
  reason: "no-identifier",
  detail: "the message names no device, and its certificate belongs to none",
};

async function speakerOf(env: Env, { fingerprint }: ProvenIdentity): Promise<Speaker | undefined> {
  const deviceId = await deviceOfIdentity(env, fingerprint);
  return deviceId === undefined ? undefined : { deviceId, userId: undefined, kind: "device" };
}

function converse(
  { env }: Context<AppEnv>,
  message: DeviceMessage,
  speaker: Speaker,
  identity: ProvenIdentity,
  raw: Uint8Array<ArrayBuffer>,
): Promise<Reply> {
  return askUntilSettled<Reply>(env, speaker.deviceId, identity, async (proven) => {
    const device = env.DEVICE.getByName(speaker.deviceId);
    const speech = { speaker, proven, raw };
    return message.as === "checkin"
      ? device.checkin(speech, message.checkin)
      : device.report(speech, message.report);
  });
}
