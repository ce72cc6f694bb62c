import { loadSettings } from "../../admin/settings.ts";
import { fromBase64 } from "../../base/bytes.ts";
import { ok, refuse } from "../../base/result.ts";
import { termsOf } from "../../device/client/context.ts";
import type { DeviceDescription } from "../../device/description.ts";
import {
  givenAtApple,
  profileForReturn,
  type Returning,
  retriesEnrollment,
} from "../../enrollment/return-to-service.ts";
import type { PlistDict } from "../../plist/value.ts";
import type { Completer, CompletionContext } from "./completer.ts";

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
  const returning = device && returningOf(known, device);
  const given = returning && (await givenAtApple(env, returning));
  if (!wish.has("MDMProfileData") && returning && !given?.findsItself) {
    const made = await profileForReturn(env, returning, Date.now());
    const key = "ReturnToService/MDMProfileData";
    if (!made.ok) return refuse({ reason: "cannot-complete", key, detail: made.refusal.detail });
    keys.set("MDMProfileData", made.value);
  }
  // With it the device keeps its apps; without, it erases itself whole.
  const bootstrap = given?.keepsApps ? await known.escrowed("bootstrap-token") : undefined;
  if (bootstrap) keys.set("BootstrapToken", bootstrap);
  if (retriesEnrollment(subject.context.platform, subject.context.osVersion))
    keys.set("ShouldRetryEnrollment", true);
  return ok(new Map([...payload, ["ReturnToService", new Map([...keys, ...wish])]]));
};

function returningOf({ subject }: CompletionContext, device: DeviceDescription): Returning {
  const { kind, profile } = termsOf(device);
  const { platform } = subject.context;
  return { deviceId: subject.deviceId, facts: device.facts, kind, serverUrl: profile.ServerURL, platform };
}
