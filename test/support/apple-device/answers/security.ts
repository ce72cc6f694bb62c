/** Locks, passcodes, erasing, restarting, Lost Mode, FileVault, and what SecurityInfo tells about them. */
import { type PlistInput, PlistReal } from "../../../../src/plist/value.ts";
import { readCertificate } from "../certificate.ts";
import { envelop } from "../cms.ts";
import { failed } from "../connect.ts";
import { sameBytes, text } from "../der.ts";
import type { AppleDevice } from "../device.ts";
import { dataAt, dictAt, done, type Handlers, malformed, textAt } from "./command.ts";

type Facts = { readonly [key: string]: PlistInput };

function macSecurity(device: AppleDevice): Facts {
  const byUser = device.byUser;
  const { appleSilicon } = device.flavour;
  return {
    FDE_Enabled: true,
    SystemIntegrityProtectionEnabled: true,
    AuthenticatedRootVolumeEnabled: true,
    FirewallSettings: { FirewallEnabled: false, BlockAllIncoming: false, StealthMode: false },
    SecureBoot: { SecureBootLevel: "full", ExternalBootLevel: appleSilicon ? "allowed" : "disallowed" },
    ManagementStatus: {
      EnrolledViaDEP: device.ade,
      UserApprovedEnrollment: true,
      IsUserEnrollment: byUser,
      IsActivationLockManageable: device.supervised && appleSilicon,
    },
    ...(byUser
      ? {}
      : {
          FDE_HasPersonalRecoveryKey: true,
          FDE_HasInstitutionalRecoveryKey: false,
          ...(device.state.escrowCertificate && {
            FDE_PersonalRecoveryKeyCMS: recoveryKeyFor(device, device.state.escrowCertificate),
            FDE_PersonalRecoveryKeyDeviceKey: device.hardware.serialNumber,
          }),
          FirmwarePasswordStatus: { PasswordExists: false, ChangePending: false, AllowOroms: true },
          RemoteDesktopEnabled: device.state.remoteDesktop,
          BootstrapTokenAllowedForAuthentication: appleSilicon ? "allowed" : "not supported",
          BootstrapTokenRequiredForSoftwareUpdate: appleSilicon,
          BootstrapTokenRequiredForKernelExtensionApproval: appleSilicon,
          ...(appleSilicon ? { IsRecoveryLockEnabled: device.state.recoveryLock !== undefined } : {}),
        }),
  };
}

function mobileSecurity(device: AppleDevice): Facts {
  const byUser = device.byUser;
  return {
    HardwareEncryptionCaps: 3,
    PasscodeCompliant: true,
    ManagementStatus: { IsUserEnrollment: byUser },
    ...(byUser
      ? {}
      : {
          PasscodePresent: device.state.passcodePresent,
          PasscodeCompliantWithProfiles: true,
          PasscodeLockGracePeriod: 0,
          PasscodeLockGracePeriodEnforced: 0,
        }),
  };
}

const recoveryKeyFor = (device: AppleDevice, certificate: Uint8Array): Uint8Array =>
  envelop({
    content: text(device.state.recoveryKey),
    recipient: readCertificate(certificate),
    cipher: "AES-128",
    encoding: "ber",
    random: device.random.bytes,
  });

export const securityCommands: Handlers = {
  RotateFileVaultKey: {
    device: "m",
    answer: ({ device, payload }) => {
      const given = dictAt(payload, "FileVaultUnlock");
      const certificate = dataAt(payload, "ReplyEncryptionCertificate");
      if (textAt(payload, "KeyType") !== "personal" || !certificate) return malformed;
      if (!given || textAt(given, "Password") !== device.state.recoveryKey) {
        return failed(12061, "The recovery key is not right.");
      }
      device.state.recoveryKey = device.random.uuid().toUpperCase();
      return done({ RotateResult: { EncryptedNewRecoveryKey: recoveryKeyFor(device, certificate) } });
    },
  },
  SecurityInfo: {
    device: "imtvw",
    user: "m",
    userEnrollment: "imv",
    answer: ({ device }) =>
      done({
        SecurityInfo: device.flavour.platform === "macos" ? macSecurity(device) : mobileSecurity(device),
      }),
  },
  DeviceLock: {
    device: "imvw",
    userEnrollment: "iv",
    answer: ({ device, payload }) => {
      if (device.flavour.platform === "macos") {
        if (textAt(payload, "PIN")?.length !== 6)
          return failed(12033, "A PIN of six characters is required.");
        return done({ MessageResult: "Success" }, async () => device.restart());
      }
      const result = device.state.passcodePresent ? "Success" : "NoPasscodeSet";
      return done({ MessageResult: result }, async () => device.lock());
    },
  },
  ClearPasscode: {
    device: "ivw",
    answer: ({ device, payload }) => {
      const token = dataAt(payload, "UnlockToken");
      if (!token) return malformed;
      if (!sameBytes(token, device.unlockToken)) return failed(12029, "The unlock token is not valid.");
      return done({}, async () => {
        device.state.passcodePresent = false;
        device.unlock();
      });
    },
  },
  EraseDevice: {
    device: "imtvw",
    answer: ({ device, payload }) => {
      const needsPin = device.flavour.platform === "macos" && !device.flavour.appleSilicon;
      if (needsPin && textAt(payload, "PIN")?.length !== 6) {
        return failed(12033, "A PIN of six characters is required.");
      }
      return done({}, async () => device.erase());
    },
  },
  RestartDevice: {
    device: "imt",
    supervised: "it",
    answer: ({ device }) => done({}, async () => device.restart()),
  },
  ShutDownDevice: {
    device: "im",
    supervised: "i",
    answer: ({ device }) => done({}, async () => device.restart()),
  },
  EnableLostMode: {
    device: "i",
    supervised: "i",
    answer: ({ device, payload }) => {
      if (textAt(payload, "Message") === undefined && textAt(payload, "PhoneNumber") === undefined) {
        return failed(12066, "Lost Mode needs a message or a phone number.");
      }
      device.state.lostMode = payload;
      return done();
    },
  },
  DisableLostMode: {
    device: "i",
    supervised: "i",
    answer: ({ device }) => {
      device.state.lostMode = undefined;
      return done();
    },
  },
  PlayLostModeSound: { device: "i", supervised: "i", answer: ({ device }) => inLostMode(device, {}) },
  DeviceLocation: {
    device: "i",
    supervised: "i",
    answer: ({ device }) =>
      inLostMode(device, {
        Latitude: new PlistReal(47.3769),
        Longitude: new PlistReal(8.5417),
        HorizontalAccuracy: new PlistReal(65),
        VerticalAccuracy: new PlistReal(-1),
        Altitude: new PlistReal(408),
        Speed: new PlistReal(-1),
        Course: new PlistReal(-1),
        Timestamp: new Date(device.now()).toISOString(),
      }),
  },
  ActivationLockBypassCode: {
    device: "imv",
    supervised: "imv",
    answer: ({ device }) => done({ ActivationLockBypassCode: `${device.hardware.serialNumber}-BYPASS-CODE` }),
  },
  ClearActivationLockBypassCode: { device: "imv", supervised: "imv", answer: () => done() },
  ClearRestrictionsPassword: { device: "i", supervised: "i", answer: () => done() },
  SetRecoveryLock: {
    device: "m",
    answer: ({ device, payload }) => {
      const wanted = textAt(payload, "NewPassword");
      if (!device.flavour.appleSilicon) return failed(12093, "Recovery Lock needs Apple silicon.");
      if (wanted === undefined) return malformed;
      if (textAt(payload, "CurrentPassword") !== device.state.recoveryLock) {
        return failed(12094, "The current password is not right.");
      }
      device.state.recoveryLock = wanted === "" ? undefined : wanted;
      return done();
    },
  },
  VerifyRecoveryLock: {
    device: "m",
    answer: ({ device, payload }) =>
      done({ PasswordVerified: textAt(payload, "Password") === device.state.recoveryLock }),
  },
  EnableRemoteDesktop: { device: "m", supervised: "m", answer: ({ device }) => remoteDesktop(device, true) },
  DisableRemoteDesktop: {
    device: "m",
    supervised: "m",
    answer: ({ device }) => remoteDesktop(device, false),
  },
  UnlockUserAccount: { device: "m", answer: () => done() },
};

const inLostMode = (device: AppleDevice, facts: Facts) =>
  device.state.lostMode ? done(facts) : failed(12067, "The device is not in Lost Mode.");

function remoteDesktop(device: AppleDevice, enabled: boolean) {
  device.state.remoteDesktop = enabled;
  return done();
}
