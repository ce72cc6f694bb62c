import { flagAt, type JsonObject, textAt, textsAt } from "./json.ts";

/**
 * What a device is told at its activation, in Apple's names.
 * https://developer.apple.com/documentation/devicemanagement/profile
 *
 * The surprise: Apple refuses an optional text that is there and empty, so what has no value is not sent.
 */
export const profileKeys = {
  profile_name: "text",
  url: "text",
  configuration_web_url: "text",
  allow_pairing: "flag",
  is_supervised: "flag",
  is_mandatory: "flag",
  is_mdm_removable: "flag",
  is_multi_user: "flag",
  await_device_configured: "flag",
  auto_advance_setup: "flag",
  is_return_to_service: "flag",
  do_not_use_profile_from_backup: "flag",
  support_phone_number: "text",
  support_email_address: "text",
  department: "text",
  org_magic: "text",
  anchor_certs: "texts",
  supervising_host_certs: "texts",
  skip_setup_items: "texts",
  language: "text",
  region: "text",
} as const;

export type ProfileKey = keyof typeof profileKeys;

type Shapes = { text: string; flag: boolean; texts: readonly string[] };

export type AdeProfile = { profile_name: string; url: string } & {
  [Key in ProfileKey]?: Shapes[(typeof profileKeys)[Key]];
};

/** As Apple gives it back. */
export type DefinedProfile = Partial<AdeProfile> & { profile_uuid: string | undefined };

/**
 * The body of Define a Profile. Without devices: they are assigned in calls of their own, so that one failure is not
 * both. A device that returns to service always awaits its configuration.
 */
export function profileBody(profile: AdeProfile): JsonObject {
  const given = Object.fromEntries(
    Object.keys(profileKeys).flatMap((key) => {
      const value = profile[key as ProfileKey];
      return value === undefined || value === null ? [] : [[key, value]];
    }),
  );
  return profile.is_return_to_service === true ? { ...given, await_device_configured: true } : given;
}

const readers = { text: textAt, flag: flagAt, texts: textsAt };

export const readDefinedProfile = (body: JsonObject): DefinedProfile | undefined => {
  const given = Object.entries(profileKeys).flatMap(([key, kind]) => {
    const value = readers[kind](body, key);
    return value === undefined ? [] : [[key, value]];
  });
  const profile_uuid = textAt(body, "profile_uuid");
  return given.length === 0 && profile_uuid === undefined
    ? undefined
    : { ...Object.fromEntries(given), profile_uuid };
};
