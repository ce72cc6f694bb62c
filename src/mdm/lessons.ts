import type { Teacher } from "./lesson.ts";

/**
 * Which answers teach the server something, and who reads them: request type -> readers. Loaded when there is an answer
 * to read, in the alarm of the device's object; a command that is not named here costs nothing.
 */
type Load = () => Promise<Teacher>;

const teachers: { readonly [requestType: string]: readonly Load[] } = {
  ActivationLockBypassCode: [async () => (await import("./lessons/secrets.ts")).activationLockBypass],
  DeviceInformation: [async () => (await import("./lessons/traits.ts")).deviceInformation],
  ProfileList: [async () => (await import("./lessons/traits.ts")).enrollmentProfile],
  RequestUnlockToken: [async () => (await import("./lessons/secrets.ts")).unlockToken],
  RotateFileVaultKey: [async () => (await import("./lessons/secrets.ts")).rotatedFileVaultKey],
  SecurityInfo: [async () => (await import("./lessons/secrets.ts")).fileVaultKey],
  Settings: [async () => (await import("./lessons/settings.ts")).failedSettings],
};

export const teaches = (requestType: string): boolean => Object.hasOwn(teachers, requestType);

export const teachersOf = (requestType: string): Promise<Teacher[]> =>
  Promise.all((teaches(requestType) ? (teachers[requestType] ?? []) : []).map((load) => load()));
