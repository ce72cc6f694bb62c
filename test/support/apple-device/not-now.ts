/** Which commands have to wait, and when (checkin-and-connect, section 7). */
import type { AppleDevice } from "./device.ts";

const neverOnMobile: ReadonlySet<string> = new Set([
  "DeviceInformation",
  "ProfileList",
  "DeviceLock",
  "EraseDevice",
  "ClearPasscode",
  "ProvisioningProfileList",
  "InstalledApplicationList",
  "Restrictions",
]);

const whileMobileIsLocked: ReadonlySet<string> = new Set([
  "InstallProfile",
  "InstallProvisioningProfile",
  "SecurityInfo",
  "ManagedMediaList",
]);

const evenInPowerNap: ReadonlySet<string> = new Set([
  "DeleteUser",
  "DeviceLock",
  "EraseDevice",
  "RestartDevice",
  "ShutDownDevice",
  "UserList",
  "ActivationLockBypassCode",
  "ClearActivationLockBypassCode",
  "UnlockUserAccount",
]);

export function mustWait(device: AppleDevice, channel: "device" | "user", requestType: string): boolean {
  const { situation } = device.state;
  if (requestType === "InviteToProgram" && device.awaitingConfiguration) return true;
  if (device.flavour.platform === "macos") {
    if (situation.powerNap) return !evenInPowerNap.has(requestType);
    const changesProfiles = requestType === "InstallProfile" || requestType === "RemoveProfile";
    return channel === "user" && situation.keychainLocked && changesProfiles;
  }
  if (neverOnMobile.has(requestType)) return false;
  if (situation.beforeFirstUnlock && requestType === "CertificateList") return true;
  return situation.locked && whileMobileIsLocked.has(requestType);
}
