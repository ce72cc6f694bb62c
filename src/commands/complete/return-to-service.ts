import { loadSettings } from "../../admin/settings.ts";
import { fromBase64 } from "../../base/bytes.ts";
import { ok, type Result, refuse } from "../../base/result.ts";
import { findLiveDevice } from "../../db/ade-devices.ts";
import { openDb } from "../../db/open.ts";
import { termsOf } from "../../device/client/context.ts";
import type { DeviceDescription } from "../../device/description.ts";
import { composeProfile } from "../../enrollment/compose-profile.ts";
import { readEnv } from "../../env.ts";
import { type Platform, versionKey } from "../../mdm/platform.ts";
import type { PlistDict } from "../../plist/value.ts";
import type { Completer, CompletionContext, CompletionRefusal } from "./completer.ts";

/**
 * A device that erases itself and joins again without anybody's help. It has nothing left then, so it takes along what it
 * needs: the network, and where it does not find its enrollment by itself, a profile with a challenge of its own.
 * https://developer.apple.com/documentation/devicemanagement/returning-a-managed-device-to-service
 *
 * The surprise: a profile is needed also by devices of automated enrollment whose person signs in. Without one they would
 * wait for that person.
 */
export const returnToService: Completer = async (payload, known) => {
  const wish = payload.get("ReturnToService");
  if (!(wish instanceof Map) || wish.get("Enabled") !== true) return ok(payload);
  const { env, subject } = known;
  const device = await env.DEVICE.getByName(subject.deviceId).describe();
  const keys: PlistDict = new Map();
  const { return_to_service_wifi_profile: wifi } = await loadSettings(env, Date.now());
  const network = fromBase64(wifi ?? "");
  if (network?.length) keys.set("WiFiProfileData", network);
  const given = await givenProfile(env, device);
  if (!wish.has("MDMProfileData") && device && !given.findsItself) {
    const made = await freshProfile(known, device);
    if (!made.ok) return made;
    keys.set("MDMProfileData", made.value);
  }
  // With it the device keeps its apps; without, it erases itself whole.
  const bootstrap = given.keepsApps ? await known.escrowed("bootstrap-token") : undefined;
  if (bootstrap) keys.set("BootstrapToken", bootstrap);
  if (retriesEnrollment(subject.context.platform, subject.context.osVersion))
    keys.set("ShouldRetryEnrollment", true);
  return ok(new Map([...payload, ["ReturnToService", new Map([...keys, ...wish])]]));
};

/** What its profile at Apple says; by another way in it finds nothing by itself. */
async function givenProfile(
  env: Env,
  device: DeviceDescription | undefined,
): Promise<{ findsItself: boolean; keepsApps: boolean }> {
  const serial = device?.facts.SerialNumber;
  const isAutomated = device !== undefined && termsOf(device).kind === "ade";
  const found = serial && isAutomated ? await findLiveDevice(openDb(env.DB), serial) : undefined;
  const profile = found?.given?.value;
  return {
    findsItself: found !== undefined && profile?.configuration_web_url === undefined,
    keepsApps: profile?.is_return_to_service === true,
  };
}

async function freshProfile(
  { env, subject }: CompletionContext,
  device: DeviceDescription,
): Promise<Result<Uint8Array<ArrayBuffer>, CompletionRefusal>> {
  const now = Date.now();
  const { kind, profile } = termsOf(device);
  const configuration = readEnv(env);
  const publicUrl = configuration.ok ? configuration.value.publicUrl : undefined;
  const origin = publicUrl ?? originOf(profile.ServerURL);
  const cannot = (detail: string) =>
    refuse({ reason: "cannot-complete" as const, key: "ReturnToService/MDMProfileData", detail });
  if (origin === undefined)
    return cannot("nothing says where devices find this server: set PUBLIC_URL, or give MDMProfileData");
  const { SerialNumber: serial, ProductName: productName, OSVersion: osVersion } = device.facts;
  const { organization } = await loadSettings(env, now);
  const composed = await composeProfile(
    env,
    {
      kind: kind === "ade" ? "ade" : "device",
      // Of the device that it is given to, and of no other.
      issuedFor: { udid: subject.deviceId, ...(serial !== undefined && { serial }), replaces: true },
      address: { origin, publicUrl },
      organization,
      platform: subject.context.platform,
      productName,
      osVersion,
    },
    now,
  );
  return composed.ok ? ok(composed.value.profile) : cannot(composed.refusal.detail);
}

const originOf = (url: unknown): string | undefined =>
  typeof url === "string" && URL.canParse(url) ? new URL(url).origin : undefined;

/** Since then a device asks again where the first answer did not come. */
function retriesEnrollment(platform: Platform | undefined, osVersion: string | undefined): boolean {
  const isMobile = platform === "ios" || platform === "ipados";
  return isMobile && (versionKey(osVersion ?? "") ?? 0) >= 27_000_000;
}
