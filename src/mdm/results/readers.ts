import type { ResultReader } from "./result-facts.ts";

/**
 * The answers with facts for the server: request type -> readers. Loaded when there is an answer to read, in the alarm of
 * the device's object; a command that is not named here costs nothing.
 */
type Load = () => Promise<ResultReader>;

const readers: { readonly [requestType: string]: readonly Load[] } = {
  ActivationLockBypassCode: [async () => (await import("./secrets.ts")).activationLockBypass],
  AvailableOSUpdates: [async () => (await import("../inventory/small-lists.ts")).availableUpdates],
  CertificateList: [async () => (await import("../inventory/certificates.ts")).certificates],
  DeviceInformation: [
    async () => (await import("./traits.ts")).deviceInformation,
    async () => (await import("../inventory/device-information.ts")).deviceInformation,
    async () => (await import("./attestation.ts")).attestation,
  ],
  DisableLostMode: [async () => (await import("./lost-mode.ts")).lostMode],
  EnableLostMode: [async () => (await import("./lost-mode.ts")).lostMode],
  InstallApplication: [async () => (await import("./install-application.ts")).installation],
  InstalledApplicationList: [async () => (await import("../inventory/apps.ts")).apps],
  ManagedApplicationList: [async () => (await import("../inventory/managed-apps.ts")).managedApps],
  ProfileList: [
    async () => (await import("./traits.ts")).enrollmentProfile,
    async () => (await import("../inventory/profiles.ts")).profiles,
  ],
  ProvisioningProfileList: [async () => (await import("../inventory/small-lists.ts")).provisioningProfiles],
  RequestUnlockToken: [async () => (await import("./secrets.ts")).unlockToken],
  RotateFileVaultKey: [async () => (await import("./secrets.ts")).rotatedFileVaultKey],
  SecurityInfo: [
    async () => (await import("./secrets.ts")).fileVaultKey,
    async () => (await import("../inventory/security-info.ts")).securityInfo,
  ],
  Settings: [async () => (await import("./settings.ts")).failedSettings],
  UserList: [async () => (await import("../inventory/small-lists.ts")).users],
};

export const hasReader = (requestType: string): boolean => Object.hasOwn(readers, requestType);

/** A refusal of the whole command says more than its error. */
export const readsErrors = (requestType: string): boolean => requestType === "InstallApplication";

export const readersOf = (requestType: string): Promise<ResultReader[]> =>
  Promise.all((hasReader(requestType) ? (readers[requestType] ?? []) : []).map((load) => load()));
