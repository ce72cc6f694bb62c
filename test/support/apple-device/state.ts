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
  /** The declaration that manages it. */
  declared?: string | undefined;
  /** Apple's id of its version. */
  externalVersion?: number | undefined;
  /** A managed one that its user removed. */
  isRemovedByUser?: boolean;
  isInstalling?: boolean;
};

/** Rejects where the download fails. */
export type Installer = (manifestUrl: string) => Promise<{ identifier: string; version: string }>;

export type StoreApp = { bundleId: string; version: string; externalVersion: number };

/** What the device meets at Apple's store. */
export type AppStore = {
  /** undefined: there is no such app. */
  app: (adamId: string) => StoreApp | undefined | Promise<StoreApp | undefined>;
  isLicensed: (adamId: string, serialNumber: string) => boolean | Promise<boolean>;
};

/** How it stands with the apps and packages that declarations ask for, by the declaration. */
export type DeclaredApp = {
  identifier: string;
  state: string;
  serverToken: string;
  isPackage: boolean;
  reasons: { code: string; description?: string }[];
  version?: string;
  externalVersion?: number;
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
  declaredApps: Map<string, DeclaredApp>;
  /** undefined: everything is there, and licensed. */
  store: AppStore | undefined;
  /** Why it rejects apps, in Apple's words: a restriction, or its user. */
  rejectsApps: string | undefined;
  /** Fetches what a manifest leads to, and says what was in it. Without one, every manifest is taken. */
  installer: Installer | undefined;
  /** Downloads take their time: an app is there only after the device was heard of again. */
  slowDownloads: boolean;
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
  declaredApps: new Map(),
  store: undefined,
  rejectsApps: undefined,
  installer: undefined,
  slowDownloads: false,
  provisioningProfiles: new Map(),
});
