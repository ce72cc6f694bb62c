import type { Context } from "./context.ts";
import type { Scalar } from "./spec.ts";
import { isAtLeast } from "./version.ts";

/**
 * What Apple's pages say of commands in sentences, and its schema does not: one of several keys, a key that needs
 * another, a key that does nothing without another. One table; `check-prose.ts` reads it.
 * https://developer.apple.com/documentation/devicemanagement/commands-and-queries
 */
export type ProseRule = {
  /** The dictionaries that it holds for, from the Command down; `*` stands for every element of an array. */
  at?: readonly string[];
  /** Only for devices of which this is known; absent: for every device. */
  only?: (context: Context) => boolean;
} & (
  | { exactlyOneOf: readonly string[] }
  | { oneOf: readonly string[] }
  /** With the first (or when it has that value) the second must be there (or have that value). */
  | { key: string; is?: Scalar; needs: string; being?: Scalar; because: string }
  /** The key does nothing unless another one is there, or has that value. */
  | { key: string; idleWithout: string; being?: Scalar }
  /** No other key may stand beside it. */
  | { key: string; alone: true; because: string }
  | { key: string; form: RegExp; because: string }
  | { key: string; onlyFirst: true }
);

const sixCharacters = { form: /^.{6}$/u, because: "a PIN has exactly six characters" };

/** An unsupervised device, or one that did not enroll by Apple's service, cannot find its enrollment by itself. */
const enrollsByHand = ({ supervised, enrollmentKind }: Context): boolean =>
  supervised === false || (enrollmentKind !== undefined && enrollmentKind !== "ade");

const isBeforeIos14 = ({ platform, osVersion }: Context): boolean =>
  (platform === "ios" || platform === "ipados") && osVersion !== undefined && !isAtLeast(osVersion, "14.0");

export const proseRules: Readonly<Record<string, readonly ProseRule[]>> = {
  AccountConfiguration: [
    {
      key: "SkipPrimarySetupAccountCreation",
      is: true,
      needs: "AutoSetupAdminAccounts",
      because: "a Mac without a primary account needs an administrator",
    },
    {
      key: "SetPrimarySetupAccountAsRegularUser",
      is: true,
      needs: "AutoSetupAdminAccounts",
      because: "a Mac whose primary account is a regular user needs an administrator",
    },
    { key: "AutoSetupAdminAccounts", onlyFirst: true },
  ],
  DeleteUser: [{ oneOf: ["UserName", "DeleteAllUsers"] }],
  DeviceLock: [{ key: "PIN", ...sixCharacters }],
  EnableLostMode: [{ oneOf: ["Message", "PhoneNumber"] }],
  EraseDevice: [
    { key: "PIN", ...sixCharacters },
    {
      key: "DisallowProximitySetup",
      alone: true,
      only: isBeforeIos14,
      because: "before iOS 14 no other option may stand beside it",
    },
    {
      at: ["ReturnToService"],
      key: "Enabled",
      is: true,
      needs: "MDMProfileData",
      only: enrollsByHand,
      because: "this device does not find its enrollment by itself",
    },
  ],
  InstallApplication: [{ exactlyOneOf: ["iTunesStoreID", "Identifier", "ManifestURL"] }],
  InstallEnterpriseApplication: [
    { exactlyOneOf: ["Manifest", "ManifestURL"] },
    { key: "ManifestURL", form: /^https:/i, because: "the address begins with https:" },
    { key: "ManifestURLPinningCerts", idleWithout: "ManifestURL" },
    { key: "PinningRevocationCheckRequired", idleWithout: "ManifestURLPinningCerts" },
    { key: "ManagementFlags", idleWithout: "InstallAsManaged", being: true },
    { key: "ChangeManagementState", idleWithout: "InstallAsManaged", being: true },
  ],
  InstallMedia: [{ oneOf: ["iTunesStoreID", "MediaURL"] }],
  RemoveMedia: [{ oneOf: ["iTunesStoreID", "PersistentID"] }],
  RestartDevice: [{ key: "KextPaths", idleWithout: "RebuildKernelCache", being: true }],
  RotateFileVaultKey: [
    {
      key: "KeyType",
      is: "institutional",
      needs: "NewCertificate",
      because: "an institutional key is made for it",
    },
    {
      key: "KeyType",
      is: "personal",
      needs: "ReplyEncryptionCertificate",
      because: "the new recovery key comes back encrypted to it",
    },
    { at: ["FileVaultUnlock"], oneOf: ["Password", "PrivateKeyExport"] },
    {
      at: ["FileVaultUnlock"],
      key: "PrivateKeyExport",
      needs: "PrivateKeyExportPassword",
      because: "it is a file under a password",
    },
    { at: ["FileVaultUnlock"], key: "PrivateKeyExportPassword", idleWithout: "PrivateKeyExport" },
  ],
  ScheduleOSUpdate: [
    { at: ["Updates", "*"], oneOf: ["ProductKey", "ProductVersion"] },
    { at: ["Updates", "*"], key: "MaxUserDeferrals", idleWithout: "InstallAction", being: "InstallLater" },
  ],
  SetFirmwarePassword: [
    { key: "NewPassword", form: /^[\x20-\x7e]*$/, because: "firmware takes printable ASCII only" },
  ],
};
