import type { Context, Hono } from "hono";
import type { Bytes } from "../../base/bytes.ts";
import { deviceOfIdentity } from "../../device/consult.ts";
import type { Reply } from "../../device/reply.ts";
import { answerStranger } from "../../device/stranger.ts";
import { standingOf } from "../../enrollment/standing.ts";
import { type DeviceMessage, decodeMessage } from "../../mdm/decode.ts";
import type { ProvenIdentity } from "../../mdm/identify.ts";
import type { Speaker } from "../../mdm/speaker.ts";
import type { AppEnv } from "../app-env.ts";
import { noteDevice, notePlainRoute } from "../trace.ts";
import { answer, type DoorRefusal } from "./answer.ts";
import { deviceDoor } from "./door.ts";
import { type Heard, listen } from "./listen.ts";
import { askUntilSettled, turnAway } from "./speech.ts";

const paths = ["/mdm", "/mdm/checkin", "/checkin", "/mdm/connect"];

/**
 * Check-in and connect, at one address or at two. A device's request is read, its sender proven, and handed to the
 * device's object in one call. Only what the object cannot know by itself costs more.
 */
export function mdmDoor(standing: typeof standingOf): Hono<AppEnv> {
  const door = deviceDoor();
  door.on("PUT", paths, async (c) => {
    notePlainRoute(c);
    const heard = await listen(c, standing);
    return heard.ok ? hear(c, heard.value) : turnAway(c, heard.refusal);
  });
  return door;
}

export const mdm = mdmDoor(standingOf);

async function hear(c: Context<AppEnv>, { standing, identity, body }: Heard): Promise<Response> {
  const message = decodeMessage(c.req.header("Content-Type"), body);
  if (!message.ok) return turnAway(c, message.refusal);
  if (standing === "stranger") return settle(c, await answerStranger(c.env, message.value, Date.now()));
  const speaker = message.value.speaker ?? (await speakerOf(c.env, identity));
  if (speaker === undefined) return turnAway(c, nobodyKnown);
  noteDevice(c, speaker.deviceId);
  return settle(c, await converse(c, message.value, speaker, identity, body));
}

const settle = (c: Context<AppEnv>, reply: Reply): Response =>
  reply.kind === "refused" ? turnAway(c, reply.refusal) : answer(c, reply);

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
  raw: Bytes,
): Promise<Reply> {
  return askUntilSettled<Reply>(env, speaker.deviceId, identity, async (proven) => {
    const device = env.DEVICE.getByName(speaker.deviceId);
    const speech = { speaker, proven, raw };
    return message.as === "checkin"
      ? device.checkin(speech, message.checkin)
      : device.report(speech, message.report);
  });
}
