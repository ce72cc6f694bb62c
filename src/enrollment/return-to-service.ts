import { loadSettings } from "../admin/settings.ts";
import type { Bytes } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { findLiveDevice } from "../db/live-devices.ts";
import { openDb } from "../db/open.ts";
import { readEnv } from "../env.ts";
import type { DeviceFacts } from "../mdm/checkin.ts";
import { type Platform, versionKey } from "../mdm/platform.ts";
import { composeProfile } from "./compose-profile.ts";

/**
 * What a device that erases itself, and joins again by itself, finds without us, and the enrollment profile that it takes
 * along where it finds none.
 * https://developer.apple.com/documentation/devicemanagement/returning-a-managed-device-to-service
 */
export type Returning = {
  deviceId: string;
  facts: DeviceFacts;
  /** How it is enrolled now, and the address in its profile. */
  kind: string | undefined;
  serverUrl: unknown;
  platform: Platform | undefined;
};

/** What its profile at Apple says; by another way in it finds nothing by itself. */
export async function givenAtApple(
  env: Env,
  { facts, kind }: Pick<Returning, "facts" | "kind">,
): Promise<{ findsItself: boolean; keepsApps: boolean }> {
  const serial = facts.SerialNumber;
  const found = serial && kind === "ade" ? await findLiveDevice(openDb(env.DB), serial) : undefined;
  const profile = found?.given?.value;
  return {
    findsItself: found !== undefined && profile?.configuration_web_url === undefined,
    keepsApps: profile?.is_return_to_service === true,
  };
}

/** Fresh, with a challenge of its own: of the device that it is given to, and of no other. */
export async function profileForReturn(
  env: Env,
  { deviceId, facts, kind, serverUrl, platform }: Returning,
  now: number,
): Promise<Result<Bytes, { detail: string }>> {
  const configuration = readEnv(env);
  const publicUrl = configuration.ok ? configuration.value.publicUrl : undefined;
  const origin = publicUrl ?? originOf(serverUrl);
  if (origin === undefined)
    return refuse({
      detail: "nothing says where devices find this server: set PUBLIC_URL, or give MDMProfileData",
    });
  const { SerialNumber: serial, ProductName: productName, OSVersion: osVersion } = facts;
  const { organization } = await loadSettings(env, now);
  const composed = await composeProfile(
    env,
    {
      kind: kind === "ade" ? "ade" : "device",
      issuedFor: { udid: deviceId, ...(serial !== undefined && { serial }), replaces: true },
      address: { origin, publicUrl },
      organization,
      platform,
      productName,
      osVersion,
    },
    now,
  );
  return composed.ok ? ok(composed.value.profile) : refuse({ detail: composed.refusal.detail });
}

const originOf = (url: unknown): string | undefined =>
  typeof url === "string" && URL.canParse(url) ? new URL(url).origin : undefined;

/** Since then a device asks again where the first answer did not come. */
export function retriesEnrollment(platform: Platform | undefined, osVersion: string | undefined): boolean {
  const isMobile = platform === "ios" || platform === "ipados";
  return isMobile && (versionKey(osVersion ?? "") ?? 0) >= 27_000_000;
}
