import { utf8 } from "../../base/bytes.ts";
import { log } from "../../base/log.ts";
import type { ChannelReference } from "../../mdm/channel.ts";
import type { Checkin } from "../../mdm/checkin.ts";
import { platformOf } from "../../mdm/platform.ts";
import type { PlistInput } from "../../plist/value.ts";
import type { DutyContext } from "../alarm/duty-context.ts";
import { openDeclaration } from "../desired/declarations/answer.ts";
import type { EnrollmentTerms } from "../identity/enrollment.ts";
import { type DeviceRefusal, empty, plist, type Reply, refused } from "../reply.ts";
import type { DeviceKeys } from "../sealing.ts";
import type { Store } from "../store/store.ts";
import { channelKey, factsOf, type Proven } from "../turn.ts";
import type { Vault } from "../vault.ts";

/**
 * Answers whose content must be opened or sealed first. The turn has already decided that the device may have it.
 *
 * The surprise: whether there is a `com.apple.maid` token depends on the accounts of Apple's portal, which are in D1. So
 * that alone is decided after the turn.
 */
type GetToken = Extract<Checkin, { MessageType: "GetToken" }>;

const pairingKeys = ["SecurityToken", "PhoneUDID", "WatchUDID"] as const;

/** Why no token can be made; undefined if one can. https://developer.apple.com/documentation/devicemanagement/get-token */
export function tokenRefusal(message: GetToken, channel: ChannelReference): DeviceRefusal | undefined {
  const { TokenServiceType: service, TokenParameters: parameters } = message;
  if (service === "com.apple.maid") return undefined;
  if (service !== "com.apple.watch.pairing") return noToken(service, "it is not known");
  const missing = pairingKeys.filter((key) => !parameters[key]);
  if (missing.length > 0) {
    return { reason: "unknown-token-service", detail: `a pairing token needs ${missing.join(", ")}` };
  }
  if (parameters.PhoneUDID !== channel.deviceId || channel.userId !== undefined) {
    return { reason: "unknown-token-service", detail: "a phone gets pairing tokens only for itself" };
  }
  return undefined;
}

const noToken = (service: string, why: string): DeviceRefusal => ({
  reason: "unknown-token-service",
  detail: `no token for ${JSON.stringify(service.slice(0, 64))}: ${why}`,
});

export async function answerGranted(
  work: DutyContext,
  keys: Pick<DeviceKeys, "mustHoldAll">,
  { proven, channel }: { proven: Proven; channel: ChannelReference },
  message: Checkin,
): Promise<Reply> {
  const { store, vault } = work;
  switch (message.MessageType) {
    case "GetBootstrapToken":
      return plist({ BootstrapToken: (await bootstrapToken(store, vault)) ?? new Uint8Array() });
    case "GetToken":
      return message.TokenServiceType === "com.apple.maid"
        ? maidToken(work)
        : plist({ TokenData: await vault.sealPairing(message.TokenParameters, Date.now()) });
    case "DeclarativeManagement":
      return openDeclaration(work, keys, channelKey(channel), message);
    case "ReturnToService":
      return plist({ ReturnToService: await returnToService(work, proven) });
    default:
      return empty;
  }
}

async function maidToken({ env, store }: DutyContext): Promise<Reply> {
  const { maidTokenFor } = await import("../../apple-business/maid-token.ts");
  const made = await maidTokenFor(env, factsOf(store.device()).SerialNumber, Date.now());
  return made.ok
    ? plist({ TokenData: utf8(made.value.jwt) })
    : refused(noToken("com.apple.maid", made.refusal.detail));
}

async function bootstrapToken(store: Store, vault: Vault): Promise<Uint8Array | undefined> {
  const kept = store.currentEscrow("bootstrap-token", store.device().generation);
  return kept && vault.openEscrow("bootstrap-token", kept.value);
}

/**
 * The device returns by itself. Without the bootstrap token it cannot keep its apps and erases itself completely; where its
 * person would have to sign in, or its enrollment is not found by itself, it takes a fresh profile along.
 */
async function returnToService(
  { env, store, vault, deviceId }: DutyContext,
  { lookup }: Proven,
): Promise<{ [key: string]: PlistInput | undefined }> {
  const settings = lookup?.policy.returnToService;
  if (!settings) return { Enabled: false };
  const { givenAtApple, profileForReturn, retriesEnrollment } = await import(
    "../../enrollment/return-to-service.ts"
  );
  const device = store.device();
  const facts = factsOf(device);
  const { kind, profile } = JSON.parse(device.terms ?? "{}") as Partial<EnrollmentTerms>;
  const platform = platformOf([facts.ProductName, facts.Model, facts.ModelName]);
  const returning = { deviceId, facts, kind, serverUrl: profile?.ServerURL, platform };
  const { findsItself } = await givenAtApple(env, returning);
  const made = findsItself ? undefined : await profileForReturn(env, returning, Date.now());
  if (made && !made.ok) {
    // Erased now, it would not come back.
    log({ event: "device.return_to_service_refused", device_id: deviceId, detail: made.refusal.detail });
    return { Enabled: false };
  }
  return {
    Enabled: true,
    WiFiProfileData: settings.wifiProfile?.length ? settings.wifiProfile : undefined,
    MDMProfileData: made?.value,
    BootstrapToken: await bootstrapToken(store, vault),
    ShouldRetryEnrollment: retriesEnrollment(platform, facts.OSVersion) ? true : undefined,
  };
}
