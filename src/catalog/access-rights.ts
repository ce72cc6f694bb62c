// The AccessRights of an MDM payload, by the names that the schema gives them (two of them have two names).
const bits: Record<string, number> = {
  AllowInspection: 1,
  AllowInstallationRemoval: 2,
  AllowPasscodeRemovalAndLock: 4,
  DeviceLockAndRemovePasscode: 4,
  AllowDeviceErase: 8,
  AllowQueryDeviceInformation: 16,
  AllowQueryNetworkInformation: 32,
  AllowProvisioningInspection: 64,
  AllowProvisioningInstallationRemoval: 128,
  AllowQueryApplications: 256,
  QueryInstalledApps: 256,
  AllowQueryRestrictions: 512,
  AllowQuerySecurity: 1024,
  AllowSettings: 2048,
  AllowAppInstallation: 4096,
};

/** The right that a name stands for; 0 for `None`, `n/a` and `Special Case` (each query has its own). */
export const accessRight = (name: string | undefined): number => (name && bits[name]) || 0;
