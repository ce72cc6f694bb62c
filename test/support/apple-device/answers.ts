/**
 * What a device in good health answers to each command: results that make sense for what it is and what was done to it
 * before, and the errors that devices give. Profiles that are installed stay in its list; an enrollment profile renews
 * its identity; an erase is an end.
 */
import { appCommands } from "./answers/apps.ts";
import { type Ask, dataAt, done, type Handler, isUser, letterOf, unknownRequest } from "./answers/command.ts";
import { informationCommands } from "./answers/information.ts";
import { profileCommands } from "./answers/profiles.ts";
import { securityCommands } from "./answers/security.ts";
import { settingsCommands } from "./answers/settings.ts";
import type { Reaction } from "./channel.ts";
import { type Command, failed } from "./connect.ts";
import { synchronise } from "./declarations.ts";
import type { AppleDevice } from "./device.ts";
import { mustWait } from "./not-now.ts";
import type { UserChannel } from "./user.ts";

const handlers: Readonly<Record<string, Handler>> = {
  ...informationCommands,
  ...securityCommands,
  ...profileCommands,
  ...appCommands,
  ...settingsCommands,
  DeclarativeManagement: {
    device: "imtvw",
    user: "ms",
    userEnrollment: "imv",
    answer: ({ channel, device, payload }) =>
      done({}, async () => {
        await synchronise(channel, device, dataAt(payload, "Data"));
      }),
  },
};

const inLostMode: ReadonlySet<string> = new Set([
  "EnableLostMode",
  "DisableLostMode",
  "DeviceLocation",
  "PlayLostModeSound",
  "EraseDevice",
]);

/** The policy of a device in good health. */
export async function plausibleAnswer(
  command: Command,
  channel: AppleDevice | UserChannel,
): Promise<Reaction> {
  const device = isUser(channel) ? channel.device : channel;
  const { requestType } = command;
  const handler = Object.hasOwn(handlers, requestType) ? handlers[requestType] : undefined;
  if (!handler || !isKnownHere(handler, device, channel)) return unknownRequest(requestType);
  if (device.state.lostMode && !inLostMode.has(requestType)) {
    return failed(12078, "The command is not allowed in Lost Mode.");
  }
  if (handler.supervised?.includes(letterOf(device)) && !device.supervised) {
    return failed(12067, `“${requestType}” needs a supervised device.`);
  }
  if (mustWait(device, isUser(channel) ? "user" : "device", requestType)) return { status: "NotNow" };
  const ask: Ask = { command, payload: command.payload, device, channel };
  return handler.answer(ask);
}

function isKnownHere(handler: Handler, device: AppleDevice, channel: AppleDevice | UserChannel): boolean {
  const letter = letterOf(device);
  const letters = device.flavour.shared ? [letter, "s"] : [letter];
  if (device.byUser && !handler.userEnrollment?.includes(letter)) return false;
  if (!isUser(channel)) return letters.some((one) => handler.device?.includes(one));
  return handler.user?.includes(device.flavour.shared ? "s" : letter) === true;
}
