/** Settings, set-up, users, updates and restrictions. */
import type { PlistDict, PlistInput } from "../../../../src/plist/value.ts";
import { chainLink, failed } from "../connect.ts";
import type { AppleDevice } from "../device.ts";
import { sharedUserId, type UserChannel } from "../user.ts";
import {
  type Ask,
  dataAt,
  dictAt,
  done,
  type Handlers,
  isUser,
  listAt,
  malformed,
  textAt,
} from "./command.ts";

type Outcome = { [key: string]: PlistInput | undefined };

function applySetting(device: AppleDevice, setting: PlistDict): Outcome {
  const item = textAt(setting, "Item") ?? "";
  const { state } = device;
  switch (item) {
    case "DeviceName":
      state.deviceName = textAt(setting, "DeviceName") ?? state.deviceName;
      break;
    case "HostName":
      state.hostName = textAt(setting, "HostName") ?? state.hostName;
      break;
    case "TimeZone":
      state.timeZone = textAt(setting, "TimeZone") ?? state.timeZone;
      break;
    case "Bluetooth":
      state.bluetooth = setting.get("Enabled") === true;
      break;
    case "OrganizationInfo":
      state.organization = dictAt(setting, "OrganizationInfo");
      break;
    case "MDMOptions":
      state.options = dictAt(setting, "MDMOptions");
      break;
    case "ApplicationConfiguration":
    case "ApplicationAttributes":
      return applyToApp(device, setting, item);
    case "Wallpaper":
    case "DataRoaming":
    case "VoiceRoaming":
    case "PersonalHotspot":
    case "SharedDeviceConfiguration":
    case "MaximumResidentUsers":
    case "DiagnosticSubmission":
    case "AppAnalytics":
    case "PasscodeLockGracePeriod":
    case "SoftwareUpdateSettings":
    case "AccessibilitySettings":
    case "DefaultApplications":
      break;
    default:
      return refused(item, `“${item}” is not a valid setting.`);
  }
  return { Item: item, Status: "Acknowledged" };
}

function applyToApp(device: AppleDevice, setting: PlistDict, item: string): Outcome {
  const identifier = textAt(setting, "Identifier") ?? "";
  const app = device.state.apps.get(identifier);
  if (!app?.managed) return { ...refused(item, `“${identifier}” is not managed.`), Identifier: identifier };
  if (item === "ApplicationConfiguration") app.configuration = dictAt(setting, "Configuration");
  else app.attributes = dictAt(setting, "Attributes");
  return { Item: item, Status: "Acknowledged", Identifier: identifier };
}

const refused = (item: string, description: string): Outcome => ({
  Item: item,
  Status: "Error",
  ErrorChain: [chainLink(12081, "MCMDMErrorDomain", description)],
});

const account = (user: UserChannel, index: number): Outcome =>
  user.id === sharedUserId
    ? {
        UserName: user.shortName,
        HasDataToSync: false,
        DataQuota: 4_294_967_296,
        DataUsed: 1_048_576,
        IsLoggedIn: true,
      }
    : {
        UserName: user.shortName,
        FullName: user.longName,
        UID: 501 + index,
        UserGUID: user.id,
        IsLoggedIn: true,
        MobileAccount: user.directory,
        HasSecureToken: true,
      };

const offeredUpdate = (device: AppleDevice): Outcome => ({
  ProductKey: `MSU_UPDATE_${device.flavour.buildVersion}_patch`,
  HumanReadableName: `Update after ${device.flavour.osVersion}`,
  ProductName: device.flavour.platform === "macos" ? "macOS" : "iOS",
  Version: `${device.flavour.osVersion}.1`,
  Build: `${device.flavour.buildVersion}x`,
  DownloadSize: 1_200_000_000,
  InstallSize: 3_400_000_000,
  IsCritical: false,
  IsConfigDataUpdate: false,
  IsFirmwareUpdate: false,
  IsMajorOSUpdate: false,
  RestartRequired: true,
  AllowsInstallLater: true,
  IsSecurityResponse: false,
});

const updateResults = (payload: PlistDict): Outcome[] =>
  (listAt(payload, "Updates") ?? []).map((update) => ({
    ProductKey: update instanceof Map ? update.get("ProductKey") : undefined,
    InstallAction: update instanceof Map ? update.get("InstallAction") : undefined,
    Status: "Installing",
  }));

function configured({ device, channel }: Ask) {
  if (isUser(channel)) channel.awaitingConfiguration = false;
  else device.awaitingConfiguration = false;
  return done();
}

const restrictedValues = (device: AppleDevice): Outcome => ({
  GlobalRestrictions: {
    restrictedBool: device.flavour.platform === "macos" ? {} : { allowCamera: { value: true } },
    restrictedValue: {},
    intersection: {},
    union: {},
  },
});

export const settingsCommands: Handlers = {
  Settings: {
    device: "imtvw",
    user: "ms",
    userEnrollment: "imv",
    answer: ({ device, payload }) => {
      const settings = listAt(payload, "Settings");
      if (!settings?.every((setting) => setting instanceof Map)) return malformed;
      return done({ Settings: settings.map((setting) => applySetting(device, setting)) });
    },
  },
  DeviceConfigured: { device: "imtv", supervised: "imtv", answer: configured },
  UserConfigured: { user: "s", answer: configured },
  AccountConfiguration: {
    device: "m",
    answer: ({ device, payload }) => {
      if (!device.ade || !device.awaitingConfiguration)
        return failed(12067, "Accounts can only be set up while the device awaits its configuration.");
      const [account] = listAt(payload, "AutoSetupAdminAccounts") ?? [];
      if (account instanceof Map) {
        const [shortName, passwordHash] = [textAt(account, "shortName"), dataAt(account, "passwordHash")];
        if (shortName === undefined || passwordHash === undefined) return malformed;
        device.state.managedAdmin = { guid: crypto.randomUUID().toUpperCase(), shortName, passwordHash };
      }
      return done();
    },
  },
  SetAutoAdminPassword: {
    device: "m",
    answer: ({ device, payload }) => {
      const { managedAdmin } = device.state;
      const passwordHash = dataAt(payload, "passwordHash");
      if (passwordHash === undefined) return malformed;
      if (managedAdmin === undefined || managedAdmin.guid !== textAt(payload, "GUID"))
        return failed(12080, "There is no account with that GUID.");
      managedAdmin.passwordHash = passwordHash;
      return done();
    },
  },
  UserList: { device: "ms", answer: ({ device }) => done({ Users: device.users.map(account) }) },
  LogOutUser: { device: "s", answer: () => done() },
  DeleteUser: {
    device: "ms",
    supervised: "m",
    answer: ({ device, payload }) => {
      const name = textAt(payload, "UserName");
      const index = device.users.findIndex(({ shortName }) => shortName === name);
      if (payload.get("DeleteAllUsers") === true) device.users.length = 0;
      else if (index < 0) return failed(12071, `There is no user “${name}”.`);
      else device.users.splice(index, 1);
      return done();
    },
  },
  AvailableOSUpdates: {
    device: "imt",
    supervised: "it",
    answer: ({ device }) => done({ AvailableOSUpdates: [offeredUpdate(device)] }),
  },
  ScheduleOSUpdate: {
    device: "imt",
    supervised: "imt",
    answer: ({ payload }) => done({ UpdateResults: updateResults(payload) }),
  },
  ScheduleOSUpdateScan: { device: "m", supervised: "m", answer: () => done({ ScanInitiated: true }) },
  OSUpdateStatus: { device: "imt", supervised: "imt", answer: () => done({ OSUpdateStatus: [] }) },
  Restrictions: { device: "imtvw", user: "s", answer: ({ device }) => done(restrictedValues(device)) },
  RefreshCellularPlans: { device: "i", answer: () => done() },
  RequestMirroring: {
    device: "im",
    supervised: "i",
    userEnrollment: "im",
    answer: () => done({ MirroringResult: "Prompting" }),
  },
  StopMirroring: { device: "im", supervised: "i", answer: () => done() },
  InviteToProgram: { user: "ms", answer: () => done({ InvitationResult: "Acknowledged" }) },
  ActiveNSExtensions: { user: "m", answer: () => done({ Extensions: [] }) },
  NSExtensionMappings: { user: "m", answer: () => done({ Extensions: [] }) },
  ContentCachingInformation: {
    device: "m",
    answer: () => done({ StatusResponse: { Activated: false, Active: false, TotalBytes: {} } }),
  },
};
