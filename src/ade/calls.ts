import { type AdeAccount, mostDevicesPerCall, readAccount } from "./account.ts";
import { type DevicePage, readDevicePage } from "./device.ts";
import { isObject, type JsonObject, listAt, textAt } from "./json.ts";
import { type AdeProfile, type DefinedProfile, profileBody, readDefinedProfile } from "./profile.ts";
import type { Missing } from "./refusals.ts";

// Apple's calls, but those about many devices (device-calls.ts): what is sent, and how the answer is read.
// https://developer.apple.com/documentation/devicemanagement/device-assignment

export type AdeMethod = "GET" | "POST" | "PUT" | "DELETE";

export type AdeRequest = {
  method: AdeMethod;
  /** With the query, if any. */
  path: string;
  body?: object;
};

export type AdeCall<Answer> = AdeRequest & {
  /** What older servers want in the place of a method that they do not take. */
  otherMethod?: AdeMethod;
  /** What a NOT_FOUND is about. */
  asked?: Missing;
  /** undefined: the answer is not what it should be. */
  read: (body: JsonObject) => Answer | undefined;
};

const done = (): true => true;
const query = (name: string, value: string): string => `${name}=${encodeURIComponent(value)}`;

export const accountCall = (): AdeCall<AdeAccount> => ({
  method: "GET",
  path: "/account",
  read: readAccount,
});

/** There is no change and no removal of a profile: another one is defined, and devices are given that. */
export const defineProfileCall = (profile: AdeProfile): AdeCall<{ profile_uuid: string }> => ({
  method: "POST",
  path: "/profile",
  body: profileBody(profile),
  read(body) {
    const profile_uuid = textAt(body, "profile_uuid") ?? "";
    return profile_uuid === "" ? undefined : { profile_uuid };
  },
});

export const getProfileCall = (profileUuid: string): AdeCall<DefinedProfile> => ({
  method: "GET",
  path: `/profile?${query("profile_uuid", profileUuid)}`,
  asked: "profile",
  read: (body) => readDefinedProfile(body),
});

/** All devices of the server, page by page. */
export const fetchDevicesCall = (
  cursor: string | undefined,
  limit = mostDevicesPerCall,
): AdeCall<DevicePage> => ({
  method: "POST",
  path: "/server/devices",
  body: cursor === undefined ? { limit } : { limit, cursor },
  read: readDevicePage,
});

/** What changed since a cursor. */
export const syncDevicesCall = (cursor: string, limit = mostDevicesPerCall): AdeCall<DevicePage> => ({
  method: "POST",
  path: "/devices/sync",
  body: { cursor, limit },
  read: readDevicePage,
});

export type ActivationLock = { device: string; escrow_key?: string; lost_message?: string };
export type ActivationLockStatus =
  | "SUCCESS"
  | "NOT_ACCESSIBLE"
  | "ORG_NOT_SUPPORTED"
  | "DEVICE_NOT_SUPPORTED"
  | "DEVICE_ALREADY_LOCKED"
  | "FAILED";

/** Without `escrow_key` the device is locked to the person who made the server in Apple's portal. */
export const activationLockCall = (
  lock: ActivationLock,
): AdeCall<{ response_status: ActivationLockStatus }> => ({
  method: "POST",
  path: "/device/activationlock",
  body: lock,
  read(body) {
    const response_status = textAt(body, "response_status");
    return response_status ? { response_status: response_status as ActivationLockStatus } : undefined;
  },
});

export type Replacement = {
  serial_number: string;
  original_device_serial_number: string;
  replacement_date: string | undefined;
};

/** Only of a device that says it is a replacement. */
export const replacementCall = (serial: string): AdeCall<Replacement> => ({
  method: "GET",
  path: `/device/replacementDetails?${query("device", serial)}`,
  asked: "device",
  read(body) {
    const original = textAt(body, "original_device_serial_number");
    return original === undefined
      ? undefined
      : {
          serial_number: textAt(body, "serial_number") ?? serial,
          original_device_serial_number: original,
          replacement_date: textAt(body, "replacement_date"),
        };
  },
});

/** The token is a secret of the organisation. */
export type BetaEnrollmentToken = { os: string; title: string; token: string };

export const betaTokensCall = (): AdeCall<BetaEnrollmentToken[]> => ({
  method: "GET",
  path: "/os-beta-enrollment/tokens",
  read: (body) =>
    (listAt(body, "betaEnrollmentTokens") ?? listAt(body, "seedBuildTokens"))
      ?.slice(0, 1000)
      .flatMap(readBetaToken),
});

function readBetaToken(value: unknown): BetaEnrollmentToken[] {
  if (!isObject(value)) return [];
  const [os, token] = [textAt(value, "os"), textAt(value, "token")];
  return os && token ? [{ os, title: textAt(value, "title") ?? "", token }] : [];
}

export type Discovery = { mdm_service_discovery_url: string; last_updated_timestamp: string | undefined };

const discoveryPath = "/account-driven-enrollment/profile";

/** Where devices whose user's domain says nothing find this server. */
export const getDiscoveryCall = (): AdeCall<Discovery> => ({
  method: "GET",
  path: discoveryPath,
  asked: "discovery",
  read(body) {
    const url = textAt(body, "mdm_service_discovery_url");
    const last_updated_timestamp = textAt(body, "last_updated_timestamp");
    return url === undefined ? undefined : { mdm_service_discovery_url: url, last_updated_timestamp };
  },
});

export const setDiscoveryCall = (url: string): AdeCall<true> => ({
  method: "POST",
  path: discoveryPath,
  body: { mdm_service_discovery_url: url },
  read: done,
});

export const removeDiscoveryCall = (): AdeCall<true> => ({
  method: "DELETE",
  path: discoveryPath,
  asked: "discovery",
  read: done,
});
