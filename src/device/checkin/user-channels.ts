import { refuseMessage } from "../identity/admission.ts";
import { needsLookup, type Reply } from "../reply.ts";
import type { DeviceTurn } from "../turn.ts";

/** The smallest value of `user_channels_per_device`: this many are admitted without reading the setting. */
const always = 20;

/** The refusal of a new user if the device already has the most it may; undefined: there is room, or the user is known. */
export function oneUserTooMany(turn: DeviceTurn): Reply | undefined {
  const { store, channel, proven } = turn;
  if (channel.userId === undefined || store.channel(channel.userId)) return undefined;
  const users = store.channels().filter(({ user_id }) => user_id !== "").length;
  if (users < always) return undefined;
  const most = proven.lookup?.policy.userChannels;
  if (most === undefined) return needsLookup;
  if (users < most) return undefined;
  return refuseMessage(turn, {
    reason: "too-many-user-channels",
    detail: `this device has ${users} user channels, and user_channels_per_device allows ${most}`,
  });
}
