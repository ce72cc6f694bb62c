import type { Bytes } from "../../base/bytes.ts";
import { ok, type Result } from "../../base/result.ts";
import type { PlistDict } from "../../plist/value.ts";
import type { Subject } from "../subject.ts";
import type { Completer, CompletionRefusal, SharedCompleter } from "./completer.ts";

/** Request type -> what completes it for each device. */
const completers: { readonly [requestType: string]: () => Promise<Completer> } = {
  ClearPasscode: async () => (await import("./clear-passcode.ts")).clearPasscode,
  DeviceInformation: async () => (await import("./device-information.ts")).deviceInformation,
  DeviceLock: async () => (await import("./pin.ts")).pin,
  EraseDevice: async () => (await import("./erase.ts")).eraseDevice,
  InstallProfile: async () => (await import("./library-profile.ts")).installProfile,
  RotateFileVaultKey: async () => (await import("./file-vault.ts")).rotateFileVaultKey,
  SetRecoveryLock: async () => (await import("./recovery-lock.ts")).setRecoveryLock,
  VerifyRecoveryLock: async () => (await import("./recovery-lock.ts")).verifyRecoveryLock,
};

/** Request type -> what completes it once for all devices. */
const sharedCompleters: { readonly [requestType: string]: () => Promise<SharedCompleter> } = {
  AccountConfiguration: async () => (await import("./account-password.ts")).accountConfiguration,
  InstallProvisioningProfile: async () =>
    (await import("./provisioning-profile.ts")).installProvisioningProfile,
  SetAutoAdminPassword: async () => (await import("./account-password.ts")).setAutoAdminPassword,
};

/** Keys of ours, which a device gets Apple's key for: the catalogue does not know them. */
const ownKeys: { readonly [requestType: string]: readonly string[] } = { InstallProfile: ["profile"] };

export function withoutOwnKeys(requestType: string, payload: PlistDict): PlistDict {
  const own = Object.hasOwn(ownKeys, requestType) ? (ownKeys[requestType] ?? []) : [];
  return new Map([...payload].filter(([key]) => !own.includes(key)));
}

/** Whether keys may be missing that are added for each device. */
export const completesPerDevice = (requestType: string): boolean => Object.hasOwn(completers, requestType);

export async function completeShared(
  requestType: string,
  payload: PlistDict,
  env: Env,
  now: number,
): Promise<Result<PlistDict, CompletionRefusal>> {
  const load = Object.hasOwn(sharedCompleters, requestType) ? sharedCompleters[requestType] : undefined;
  return load ? (await load())(payload, env, now) : ok(payload);
}

export async function completeForDevice(
  requestType: string,
  payload: PlistDict,
  env: Env,
  subject: Subject,
): Promise<Result<PlistDict, CompletionRefusal>> {
  const load = Object.hasOwn(completers, requestType) ? completers[requestType] : undefined;
  return load ? (await load())(payload, { env, subject, escrowed: escrowOf(env, subject) }) : ok(payload);
}

const escrowOf =
  (env: Env, { deviceId }: Subject) =>
  async (name: string): Promise<Bytes | undefined> => {
    const values = await env.DEVICE.getByName(deviceId).readEscrow(name);
    return values.find(({ current, confirmed }) => current && confirmed)?.value;
  };
