/** What a device has in it besides its enrollment: what commands change and queries ask for. */
import type { PlistDict } from "../../../src/plist/value.ts";
import type { Bytes } from "./der.ts";

export type InstalledProfile = {
  identifier: string;
  uuid: string;
  displayName: string | undefined;
  organization: string | undefined;
  removalDisallowed: boolean;
  encrypted: boolean;
  payloads: readonly PlistDict[];
  signerCertificates: readonly Bytes[];
  managed: boolean;
};

export type App = {
  identifier: string;
  name: string;
  version: string;
  bundleBytes: number;
  managed: boolean;
  configuration: PlistDict | undefined;
  attributes: PlistDict | undefined;
};

export type ProvisioningProfile = { uuid: string; name: string; expiryDate: Date };

/** Why some commands have to wait (checkin-and-connect, section 7). */
export type Situation = {
  /** The screen is locked: some commands of iOS have to wait. */
  locked: boolean;
  /** No first unlock since the start: certificates cannot be read. */
  beforeFirstUnlock: boolean;
  /** A Mac asleep on battery: nearly everything has to wait. */
  powerNap: boolean;
  /** A Mac user's keychain is locked: profiles of the user have to wait. */
  keychainLocked: boolean;
};

export type DeviceState = {
  deviceName: string;
  hostName: string;
  timeZone: string;
  bluetooth: boolean;
  passcodePresent: boolean;
  /** Another than it was born with, after an update. */
  osVersion: string | undefined;
  lostMode: PlistDict | undefined;
  remoteDesktop: boolean;
  recoveryLock: string | undefined;
  /** The account that AccountConfiguration made; commands name it by its GUID. */
  managedAdmin: { guid: string; shortName: string; passwordHash: Uint8Array } | undefined;
  /** What opens the disk when the password is lost. */
  recoveryKey: string;
  /** Of the FDERecoveryKeyEscrow payload: SecurityInfo tells the recovery key, encrypted to it. */
  escrowCertificate: Uint8Array | undefined;
  organization: PlistDict | undefined;
  options: PlistDict | undefined;
  situation: Situation;
  apps: Map<string, App>;
  provisioningProfiles: Map<string, ProvisioningProfile>;
};

export const calm: Situation = {
  locked: false,
  beforeFirstUnlock: false,
  powerNap: false,
  keychainLocked: false,
};

const app = (identifier: string, name: string, version: string, bundleBytes: number): [string, App] => [
  identifier,
  { identifier, name, version, bundleBytes, managed: false, configuration: undefined, attributes: undefined },
];

export const newState = (deviceName: string): DeviceState => ({
  deviceName,
  hostName: `${deviceName.replaceAll(" ", "-").replaceAll("’", "")}.local`,
  timeZone: "Europe/Zurich",
  bluetooth: true,
  passcodePresent: true,
  osVersion: undefined,
  lostMode: undefined,
  remoteDesktop: false,
  recoveryLock: undefined,
  managedAdmin: undefined,
  recoveryKey: "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF",
  escrowCertificate: undefined,
  organization: undefined,
  options: undefined,
  situation: { ...calm },
  apps: new Map([
    app("com.apple.Pages", "Pages", "14.3", 512_000_000),
    app("com.apple.Numbers", "Numbers", "14.3", 480_000_000),
    app("com.tinyspeck.slackmacgap", "Slack", "4.41.105", 210_000_000),
    app("org.mozilla.firefox", "Firefox", "133.0", 390_000_000),
  ]),
  provisioningProfiles: new Map(),
});
