import { ok, type Result, refuse } from "../base/result.ts";
import type { PlistDict } from "../plist/value.ts";
import { BadKey, Keys } from "./keys.ts";

/**
 * Check-in messages, typed, in Apple's spelling. https://developer.apple.com/documentation/devicemanagement/check-in
 *
 * Leaves to others: the sender (`channel.ts`), whether to trust it, and what to do.
 *
 * The surprise: "required" in Apple's schema is true only for some kinds of enrollment, so hardly anything is required
 * here; undocumented keys also arrive and are ignored.
 */
export type DeviceFacts = { readonly [K in (typeof factKeys)[number]]?: string };

const factKeys = [
  "DeviceName",
  "ModelName",
  "Model",
  "OSVersion",
  "BuildVersion",
  "ProductName",
  "SerialNumber",
  "IMEI",
  "MEID",
] as const;

export type Authenticate = { MessageType: "Authenticate"; Topic: string; facts: DeviceFacts };

export type TokenUpdate = {
  MessageType: "TokenUpdate";
  Topic: string;
  Token: Uint8Array;
  PushMagic: string;
  UnlockToken: Uint8Array | undefined;
  AwaitingConfiguration: boolean;
  NotOnConsole: boolean;
  UserShortName: string | undefined;
  UserLongName: string | undefined;
};

export type Checkin =
  | Authenticate
  | TokenUpdate
  | { MessageType: "CheckOut" }
  | { MessageType: "UserAuthenticate"; DigestResponse: string | undefined }
  | { MessageType: "SetBootstrapToken"; BootstrapToken: Uint8Array | undefined }
  | { MessageType: "GetBootstrapToken" }
  | { MessageType: "DeclarativeManagement"; Endpoint: string; Data: Uint8Array | undefined }
  | { MessageType: "GetToken"; TokenServiceType: string; TokenParameters: { [key: string]: string } }
  | { MessageType: "ReturnToService" };

export type CheckinRefusal =
  | { reason: "unknown-message-type"; detail: string }
  | { reason: "bad-key"; key: string; detail: string };

export function decodeCheckin(message: PlistDict): Result<Checkin, CheckinRefusal> {
  const keys = new Keys(message);
  try {
    const type = keys.string("MessageType");
    const decode = decoders[type as Checkin["MessageType"]];
    return decode === undefined
      ? refuse({
          reason: "unknown-message-type",
          detail: `MessageType ${JSON.stringify(type.slice(0, 64))} is not known`,
        })
      : ok(decode(keys));
  } catch (error) {
    if (error instanceof BadKey) return refuse({ reason: "bad-key", key: error.key, detail: error.detail });
    throw error;
  }
}

const decoders: { [Type in Checkin["MessageType"]]: (keys: Keys) => Checkin } = Object.assign(
  Object.create(null),
  {
    Authenticate: (keys: Keys): Checkin => ({
      MessageType: "Authenticate",
      Topic: topic(keys),
      facts: facts(keys),
    }),

    TokenUpdate: (keys: Keys): Checkin => ({
      MessageType: "TokenUpdate",
      Topic: topic(keys),
      Token: keys.data("Token"),
      PushMagic: keys.string("PushMagic"),
      UnlockToken: keys.optionalData("UnlockToken"),
      AwaitingConfiguration: keys.flag("AwaitingConfiguration"),
      NotOnConsole: keys.flag("NotOnConsole"),
      UserShortName: keys.optionalString("UserShortName"),
      UserLongName: keys.optionalString("UserLongName"),
    }),

    CheckOut: (): Checkin => ({ MessageType: "CheckOut" }),

    UserAuthenticate: (keys: Keys): Checkin => ({
      MessageType: "UserAuthenticate",
      DigestResponse: keys.optionalString("DigestResponse"),
    }),

    // An empty token deletes the stored one, like an absent one.
    SetBootstrapToken: (keys: Keys): Checkin => {
      const token = keys.optionalData("BootstrapToken");
      return { MessageType: "SetBootstrapToken", BootstrapToken: token?.length ? token : undefined };
    },

    GetBootstrapToken: (): Checkin => ({ MessageType: "GetBootstrapToken" }),

    DeclarativeManagement: (keys: Keys): Checkin => ({
      MessageType: "DeclarativeManagement",
      Endpoint: keys.string("Endpoint"),
      Data: keys.optionalData("Data"),
    }),

    GetToken: (keys: Keys): Checkin => ({
      MessageType: "GetToken",
      TokenServiceType: keys.string("TokenServiceType"),
      TokenParameters: strings(keys.optionalDict("TokenParameters")),
    }),

    ReturnToService: (): Checkin => ({ MessageType: "ReturnToService" }),
  },
);

/** The gateway of a topic is an object with that name, and names have a maximum length. */
function topic(keys: Keys): string {
  const named = keys.string("Topic");
  if (named.length > longestTopic)
    throw new BadKey("Topic", `Topic must have at most ${longestTopic} characters, not ${named.length}`);
  return named;
}

const longestTopic = 255;

const facts = (keys: Keys): DeviceFacts =>
  Object.fromEntries(factKeys.flatMap((key) => pair(key, keys.optionalString(key))));

const strings = (keys: Keys | undefined): { [key: string]: string } =>
  Object.fromEntries([...(keys?.dict.keys() ?? [])].flatMap((key) => pair(key, keys?.optionalString(key))));

const pair = (key: string, value: string | undefined): [string, string][] =>
  value === undefined ? [] : [[key, value]];
