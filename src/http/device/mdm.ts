import type { Context, Hono } from "hono";
import type { Bytes } from "../../base/bytes.ts";
import { deviceOfIdentity } from "../../device/client/identity-lookup.ts";
import { answerStranger } from "../../device/client/stranger.ts";
import type { Reply } from "../../device/reply.ts";
import type { Proven } from "../../device/turn.ts";
import { standingOf } from "../../enrollment/standing.ts";
import type { ChannelReference } from "../../mdm/channel.ts";
import { type DeviceMessage, decodeMessage } from "../../mdm/decode.ts";
import type { ProvenIdentity } from "../../mdm/identify.ts";
import type { AppEnv } from "../app-env.ts";
import { noteDevice, notePlainRoute } from "../trace.ts";
import { answer, type DoorRefusal } from "./answer.ts";
import { deviceDoor } from "./door.ts";
import { type Heard, listen } from "./listen.ts";
import { askUntilSettled, refuseRequest, shownToken } from "./signed-message.ts";

const paths = ["/mdm", "/mdm/checkin", "/checkin", "/mdm/connect"];

/**
 * Check-in and connect, at one address or at two. The Worker reads the request, verifies its sender, and hands it to the
 * device's object in one call. A second call is made only for facts that the object cannot know.
 */
export function mdmDoor(standing: typeof standingOf): Hono<AppEnv> {
  const door = deviceDoor();
  door.on("PUT", paths, async (c) => {
    notePlainRoute(c);
    const heard = await listen(c, standing);
    return heard.ok ? hear(c, heard.value) : refuseRequest(c, heard.refusal);
  });
  return door;
}

export const mdm = mdmDoor(standingOf);

async function hear(c: Context<AppEnv>, { standing, identity, body }: Heard): Promise<Response> {
  const message = decodeMessage(c.req.header("Content-Type"), body);
  if (!message.ok) return refuseRequest(c, message.refusal);
  if (standing === "stranger") return settle(c, await answerStranger(c.env, message.value, Date.now()));
  const channel = message.value.channel ?? (await channelOfIdentity(c.env, identity));
  if (channel === undefined) return refuseRequest(c, nobodyKnown);
  noteDevice(c, channel.deviceId);
  return settle(c, await converse(c, message.value, channel, identity, body, await shownToken(c)));
}

const settle = (c: Context<AppEnv>, reply: Reply): Response | Promise<Response> =>
  reply.kind === "refused" ? refuseRequest(c, reply.refusal) : answer(c, reply);

const nobodyKnown: DoorRefusal = {
  reason: "no-identifier",
  detail: "the message names no device, and its certificate belongs to none",
};

async function channelOfIdentity(
  env: Env,
  { fingerprint }: ProvenIdentity,
): Promise<ChannelReference | undefined> {
  const deviceId = await deviceOfIdentity(env, fingerprint);
  return deviceId === undefined ? undefined : { deviceId, userId: undefined, kind: "device" };
}

function converse(
  { env }: Context<AppEnv>,
  message: DeviceMessage,
  channel: ChannelReference,
  identity: ProvenIdentity,
  raw: Bytes,
  token: string | undefined,
): Promise<Reply> {
  const say = async (proven: Proven): Promise<Reply> => {
    const device = env.DEVICE.getByName(channel.deviceId);
    const signed = { channel, proven, raw };
    return message.as === "checkin"
      ? device.checkin(signed, message.checkin)
      : device.report(signed, message.report);
  };
  return askUntilSettled<Reply>(env, channel.deviceId, identity, say, token);
}
