import type { Bytes } from "../../base/bytes.ts";
import { ok, type Result } from "../../base/result.ts";
import type { PlistDict } from "../../plist/value.ts";
import type { Subject } from "../subject.ts";

/**
 * What only the server knows, added to a command that leaves it out. Nothing that was given is ever changed; a helper
 * that has nothing to give where the device needs something refuses, and says what to do.
 */
export type Aid = {
  env: Env;
  subject: Subject;
  /** What is in force in escrow for this enrollment. */
  escrowed: (name: string) => Promise<Bytes | undefined>;
};

export type HelpRefusal = { reason: "cannot-help"; key: string; detail: string };

export type Helper = (payload: PlistDict, aid: Aid) => Promise<Result<PlistDict, HelpRefusal>>;

/** The same for every device: asked once, however many get the command. */
export type SharedHelper = (
  payload: PlistDict,
  env: Env,
  now: number,
) => Promise<Result<PlistDict, HelpRefusal>>;

const helpers: { readonly [requestType: string]: () => Promise<Helper> } = {
  ClearPasscode: async () => (await import("./clear-passcode.ts")).clearPasscode,
  DeviceInformation: async () => (await import("./device-information.ts")).deviceInformation,
  DeviceLock: async () => (await import("./pin.ts")).pin,
  EraseDevice: async () => (await import("./pin.ts")).pin,
  InstallProfile: async () => (await import("./library-profile.ts")).installProfile,
  RotateFileVaultKey: async () => (await import("./file-vault.ts")).rotateFileVaultKey,
  SetRecoveryLock: async () => (await import("./recovery-lock.ts")).setRecoveryLock,
  VerifyRecoveryLock: async () => (await import("./recovery-lock.ts")).verifyRecoveryLock,
};

const sharedHelpers: { readonly [requestType: string]: () => Promise<SharedHelper> } = {
  AccountConfiguration: async () => (await import("./account-password.ts")).accountConfiguration,
  InstallProvisioningProfile: async () =>
    (await import("./provisioning-profile.ts")).installProvisioningProfile,
  SetAutoAdminPassword: async () => (await import("./account-password.ts")).setAutoAdminPassword,
};

/** Whether keys may be missing that each device is given by itself. */
export const helpsDevice = (requestType: string): boolean => Object.hasOwn(helpers, requestType);

export async function helpShared(
  requestType: string,
  payload: PlistDict,
  env: Env,
  now: number,
): Promise<Result<PlistDict, HelpRefusal>> {
  const load = Object.hasOwn(sharedHelpers, requestType) ? sharedHelpers[requestType] : undefined;
  return load ? (await load())(payload, env, now) : ok(payload);
}

export async function helpDevice(
  requestType: string,
  payload: PlistDict,
  env: Env,
  subject: Subject,
): Promise<Result<PlistDict, HelpRefusal>> {
  const load = Object.hasOwn(helpers, requestType) ? helpers[requestType] : undefined;
  return load ? (await load())(payload, { env, subject, escrowed: escrowOf(env, subject) }) : ok(payload);
}

const escrowOf =
  (env: Env, { deviceId }: Subject) =>
  async (name: string): Promise<Bytes | undefined> => {
    const values = await env.DEVICE.getByName(deviceId).readEscrow(name);
    return values.find(({ current, confirmed }) => current && confirmed)?.value;
  };

/** The payload with these keys too; those it has stay as they are. */
export const completed = (payload: PlistDict, keys: PlistDict): PlistDict => new Map([...keys, ...payload]);
