/** DeviceInformation: one row a query, with who answers it and under which right. Others are left out without a word. */
import { type PlistInput, PlistReal } from "../../../../src/plist/value.ts";
import type { AppleDevice } from "../device.ts";
import { rights } from "../profile.ts";
import { type Ask, dataAt, done, type Handlers, isUser, letterOf, malformed, textsAt } from "./command.ts";

type Query = {
  on: string;
  right?: number;
  /** Platforms that never tell under user enrollment. */
  hidden?: string;
  sharedOnly?: boolean;
  value: (device: AppleDevice, ask: Ask) => PlistInput | undefined;
};

const about = (
  on: string,
  value: Query["value"],
  more: Pick<Query, "hidden" | "sharedOnly"> = {},
): Query => ({ on, right: rights.deviceInformation, value, ...more });

const network = (on: string, value: Query["value"], hidden = "imtvw"): Query => ({
  on,
  right: rights.networkInformation,
  value,
  hidden,
});

const always = (on: string, value: Query["value"], hidden = ""): Query => ({ on, value, hidden });

const queries: Readonly<Record<string, Query>> = {
  UDID: always("imtvw", ({ hardware }) => hardware.udid, "imv"),
  ProvisioningUDID: always("m", ({ hardware }) => hardware.provisioningUdid, "m"),
  OrganizationInfo: always("imtvw", ({ state }) => state.organization),
  MDMOptions: always("imtvw", ({ state }) => state.options ?? {}),
  LastCloudBackupDate: always("iv", () => undefined, "iv"),
  AwaitingConfiguration: always("imtvw", (device) => device.awaitingConfiguration, "imv"),
  iTunesStoreAccountIsActive: always("imtw", () => false, "im"),

  DeviceName: about("imtvw", ({ state }) => state.deviceName),
  OSVersion: about("imtvw", ({ flavour, state }) => state.osVersion ?? flavour.osVersion),
  BuildVersion: about("imtvw", ({ flavour }) => flavour.buildVersion),
  SupplementalBuildVersion: about("imtvw", ({ flavour }) => flavour.buildVersion),
  SupplementalOSVersionExtra: about("imtvw", () => ""),
  ModelName: about("imtvw", ({ flavour }) => flavour.modelName),
  Model: about("imtw", ({ flavour }) => flavour.model),
  ModelNumber: about("imtvw", ({ flavour }) => flavour.modelNumber),
  ProductName: about("imtvw", ({ flavour }) => flavour.productName),
  SerialNumber: about("imtvw", ({ hardware }) => hardware.serialNumber, { hidden: "imv" }),
  IsAppleSilicon: about("m", ({ flavour }) => flavour.appleSilicon),
  DeviceCapacity: about("imvw", () => new PlistReal(494.38)),
  AvailableDeviceCapacity: about("imvw", () => new PlistReal(312.07)),
  IMEI: about("i", ({ hardware }) => hardware.imei, { hidden: "i" }),
  ModemFirmwareVersion: about("i", ({ flavour }) => (flavour.cellular ? "2.40.01" : undefined), {
    hidden: "i",
  }),
  CellularTechnology: about("i", ({ flavour }) => (flavour.cellular ? 3 : 0)),
  BatteryLevel: about("imvw", () => new PlistReal(0.82)),
  HasBattery: about("m", () => true),
  IsSupervised: about("imtvw", (device) => device.supervised),
  IsMultiUser: about("i", ({ flavour }) => flavour.shared),
  IsDeviceLocatorServiceEnabled: about("ivw", () => false),
  IsActivationLockEnabled: about("imw", () => false, { hidden: "im" }),
  IsActivationLockSupported: about("m", ({ flavour }) => flavour.appleSilicon, { hidden: "m" }),
  IsDoNotDisturbInEffect: about("ivw", () => false, { hidden: "iv" }),
  DeviceID: about("t", ({ hardware }) => hardware.wifiMac.toUpperCase()),
  EASDeviceIdentifier: about("iv", ({ hardware }) => `APPL${hardware.serialNumber}`),
  IsCloudBackupEnabled: about("iv", () => false, { hidden: "iv" }),
  ActiveManagedUsers: about("m", ({ users }, { channel }) =>
    isUser(channel) ? undefined : users.map(({ id }) => id),
  ),
  OSUpdateSettings: about("m", () => osUpdateSettings, { hidden: "m" }),
  LocalHostName: about("m", ({ state }) => state.hostName.replace(/\.local$/, "")),
  HostName: about("m", ({ state }) => state.hostName),
  AutoSetupAdminAccounts: about("m", ({ ade, state }) => (ade ? accountsOf(state) : undefined), {
    hidden: "m",
  }),
  SystemIntegrityProtectionEnabled: about("m", () => true),
  SupportsLOMDevice: about("m", () => false),
  IsMDMLostModeEnabled: about("iw", ({ state }) => state.lostMode !== undefined, { hidden: "i" }),
  MaximumResidentUsers: about("i", () => 32, { sharedOnly: true }),
  EstimatedResidentUsers: about("i", () => 8, { sharedOnly: true }),
  QuotaSize: about("i", () => 4096, { sharedOnly: true }),
  ResidentUsers: about("i", ({ users }) => users.length, { sharedOnly: true }),
  UserSessionTimeout: about("i", () => 0, { sharedOnly: true }),
  TemporarySessionTimeout: about("i", () => 0, { sharedOnly: true }),
  TemporarySessionOnly: about("i", () => false, { sharedOnly: true }),
  DiagnosticSubmissionEnabled: about("ivw", () => false),
  AppAnalyticsEnabled: about("ivw", () => false),
  TimeZone: about("itvw", ({ state }) => state.timeZone),
  PINRequiredForEraseDevice: about("m", ({ flavour }) => !flavour.appleSilicon, { hidden: "m" }),
  PINRequiredForDeviceLock: about("m", () => true, { hidden: "m" }),
  SupportsiOSAppInstalls: about("m", ({ flavour }) => flavour.appleSilicon),
  EACSPreflight: about(
    "m",
    ({ flavour }, { channel }) =>
      isUser(channel) ? undefined : flavour.appleSilicon ? "success" : "not supported",
    { hidden: "m" },
  ),

  BluetoothMAC: network("imtv", ({ hardware }) => hardware.bluetoothMac, "imv"),
  WiFiMAC: network("imtvw", ({ hardware }) => hardware.wifiMac, "imv"),
  EthernetMAC: network("m", ({ hardware }) => hardware.ethernetMac, "m"),
  IsNetworkTethered: network("i", () => false, ""),
  PersonalHotspotEnabled: network("i", () => false),
  DataRoamingEnabled: network("i", () => false),
  IsRoaming: network("i", () => false),
  ServiceSubscriptions: network("i", ({ flavour, hardware }) =>
    flavour.cellular
      ? [
          {
            Slot: "CTSubscriptionSlotOne",
            Label: "Primary",
            IMEI: hardware.imei,
            CurrentMCC: "228",
            CurrentMNC: "01",
            CurrentCarrierNetwork: "Carrier",
            CarrierSettingsVersion: "61.0",
            IsDataPreferred: true,
            IsVoicePreferred: true,
            IsRoaming: false,
          },
        ]
      : [],
  ),
  SoftwareUpdateDeviceID: always("imv", ({ flavour }) => flavour.productName, "imv"),
};

const osUpdateSettings = {
  AutoCheckEnabled: true,
  BackgroundDownloadEnabled: true,
  AutomaticAppInstallationEnabled: false,
  AutomaticOSInstallationEnabled: false,
  AutomaticSecurityUpdatesEnabled: true,
  IsDefaultCatalog: true,
  PerformPeriodicCheck: true,
};

function isAnswered(query: Query, device: AppleDevice): boolean {
  const letter = letterOf(device);
  const byUser = device.byUser;
  if (!query.on.includes(letter)) return false;
  if (query.sharedOnly && !device.flavour.shared) return false;
  if (byUser) return !query.hidden?.includes(letter);
  return query.right === undefined || (device.line.managed.accessRights & query.right) !== 0;
}

/** Certificates by Apple; the device keeps them for a week, and then tells the old ones once more. */
async function attestation({ device, payload }: Ask): Promise<{ [key: string]: PlistInput }> {
  const chain = await device.attestProperties(dataAt(payload, "DeviceAttestationNonce"));
  return chain ? { DevicePropertiesAttestation: chain } : {};
}

export const informationCommands: Handlers = {
  DeviceInformation: {
    device: "imtvw",
    user: "ms",
    userEnrollment: "imv",
    answer: async (ask) => {
      const wanted = textsAt(ask.payload, "Queries");
      if (!wanted) return malformed;
      const answered = wanted.flatMap((name) => {
        const query = Object.hasOwn(queries, name) ? queries[name] : undefined;
        return query && isAnswered(query, ask.device) ? [[name, query.value(ask.device, ask)] as const] : [];
      });
      const attested = wanted.includes("DevicePropertiesAttestation") ? await attestation(ask) : {};
      return done({ QueryResponses: { ...Object.fromEntries(answered), ...attested } });
    },
  },
};

const accountsOf = ({ managedAdmin }: AppleDevice["state"]): PlistInput =>
  managedAdmin ? [{ GUID: managedAdmin.guid, shortName: managedAdmin.shortName }] : [];
