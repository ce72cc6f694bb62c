/** What an answer to a command is made of: who may be asked, and the function that answers. */
import type { PlistDict, PlistValue } from "../../../../src/plist/value.ts";
import type { Reaction } from "../channel.ts";
import { type Command, failed } from "../connect.ts";
import type { AppleDevice } from "../device.ts";
import type { Entries } from "../plist.ts";
import type { UserChannel } from "../user.ts";

/** One letter a platform: iOS and iPadOS, macOS, tvOS, visionOS, watchOS. */
export type PlatformLetter = "i" | "m" | "t" | "v" | "w";

export const letterOf = (device: AppleDevice): PlatformLetter =>
  (({ ios: "i", ipados: "i", macos: "m", tvos: "t", visionos: "v", watchos: "w" }) as const)[
    device.flavour.platform
  ];

export type Ask = {
  command: Command;
  /** The `Command` dictionary. */
  payload: PlistDict;
  device: AppleDevice;
  /** The channel it came through: the device itself, or one of its users. */
  channel: AppleDevice | UserChannel;
};

export type Handler = {
  /** Platforms that know the command on the device channel, and on a user channel (`s` is Shared iPad). */
  device?: string;
  user?: string;
  /** Platforms where only a supervised device obeys. */
  supervised?: string;
  /** Platforms that obey under user enrollment. */
  userEnrollment?: string;
  answer: (ask: Ask) => Reaction | Promise<Reaction>;
};

export type Handlers = Readonly<Record<string, Handler>>;

export const done = (extra: Entries = {}, afterwards?: () => Promise<void>): Reaction => ({
  status: "Acknowledged",
  extra,
  ...(afterwards ? { afterwards } : {}),
});

export const malformed: Reaction = { status: "CommandFormatError" };

export const unknownRequest = (requestType: string): Reaction =>
  failed(12021, `“${requestType}” is not a valid request type.`);

export const isUser = (channel: AppleDevice | UserChannel): channel is UserChannel => "shortName" in channel;

export const textAt = (payload: PlistDict, key: string): string | undefined => {
  const value = payload.get(key);
  return typeof value === "string" ? value : undefined;
};

export const dataAt = (payload: PlistDict, key: string): Uint8Array | undefined => {
  const value = payload.get(key);
  return value instanceof Uint8Array ? value : undefined;
};

export const dictAt = (payload: PlistDict, key: string): PlistDict | undefined => {
  const value = payload.get(key);
  return value instanceof Map ? value : undefined;
};

export const listAt = (payload: PlistDict, key: string): PlistValue[] | undefined => {
  const value = payload.get(key);
  return Array.isArray(value) ? value : undefined;
};

export const textsAt = (payload: PlistDict, key: string): string[] | undefined =>
  listAt(payload, key)?.map(String);
