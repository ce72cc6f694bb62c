/** Profiles, certificates and provisioning profiles: what a device keeps of them and what it lists. */
import type { PlistDict, PlistInput } from "../../../../src/plist/value.ts";
import { readCertificate } from "../certificate.ts";
import { openEnvelope, readSignedData } from "../cms.ts";
import { failed } from "../connect.ts";
import type { AppleDevice } from "../device.ts";
import { dictionary, plistOf } from "../plist.ts";
import { certificateOf, isEnrollmentProfile, payloadsOf, readProfile } from "../profile.ts";
import type { InstalledProfile } from "../state.ts";
import { type Ask, dataAt, done, type Handlers, isUser, malformed, textAt } from "./command.ts";

/** Its payloads in the open: an encrypted profile is for the identity of this device, or cannot be installed. */
function opened(device: AppleDevice, bytes: Uint8Array): PlistDict {
  const profile = readProfile(bytes);
  const encrypted = profile.get("EncryptedPayloadContent");
  if (profile.get("IsEncrypted") !== true || !(encrypted instanceof Uint8Array)) return profile;
  const { content } = openEnvelope(encrypted, device.identity.key);
  return new Map([...profile, ["PayloadContent", plistOf(content)]]);
}

function remember(ask: Ask, bytes: Uint8Array): InstalledProfile {
  const profile = opened(ask.device, bytes);
  const installed: InstalledProfile = {
    identifier: textAt(profile, "PayloadIdentifier") ?? "",
    uuid: textAt(profile, "PayloadUUID") ?? "",
    displayName: textAt(profile, "PayloadDisplayName"),
    organization: textAt(profile, "PayloadOrganization"),
    removalDisallowed: profile.get("PayloadRemovalDisallowed") === true,
    encrypted: profile.get("IsEncrypted") === true,
    payloads: payloadsOf(profile),
    signerCertificates: bytes[0] === 0x30 ? readSignedData(bytes).certificates : [],
    managed: true,
  };
  if (installed.identifier === "" || installed.uuid === "" || installed.payloads.length === 0) {
    throw new Error("the profile lacks an identifier, a UUID or payloads");
  }
  ask.channel.profiles.set(installed.identifier, installed);
  return installed;
}

async function install(ask: Ask, bytes: Uint8Array) {
  try {
    if (isEnrollmentProfile(opened(ask.device, bytes))) {
      if (isUser(ask.channel)) return failed(4001, "An MDM payload has no place on a user channel.");
      await ask.device.renewIdentity({ profile: bytes });
    }
    remember(ask, bytes);
    return done();
  } catch (fault) {
    const reason = fault instanceof Error ? fault.message : String(fault);
    return failed(4001, `Profile Failed to Install: ${reason}`, "MCInstallationErrorDomain");
  }
}

const listed = (
  device: AppleDevice,
  profile: InstalledProfile,
): { [key: string]: PlistInput | undefined } => ({
  PayloadIdentifier: profile.identifier,
  PayloadUUID: profile.uuid,
  PayloadVersion: 1,
  PayloadDisplayName: profile.displayName,
  PayloadOrganization: profile.organization,
  PayloadRemovalDisallowed: profile.removalDisallowed,
  HasRemovalPasscode: false,
  IsEncrypted: profile.encrypted,
  SignerCertificates: profile.signerCertificates,
  IsManaged: device.flavour.platform === "macos" || device.supervised ? undefined : profile.managed,
  PayloadContent: profile.payloads.map((payload) => ({
    PayloadIdentifier: payload.get("PayloadIdentifier"),
    PayloadType: payload.get("PayloadType"),
    PayloadVersion: payload.get("PayloadVersion"),
    PayloadUUID: payload.get("PayloadUUID"),
    PayloadDisplayName: payload.get("PayloadDisplayName"),
  })),
});

/** The enrollment profile, as the first of the device channel's list. */
const enrollment = (device: AppleDevice): InstalledProfile => ({
  identifier: device.line.managed.profileIdentifier,
  uuid: device.line.managed.profileUuid,
  displayName: "Device Management",
  organization: undefined,
  removalDisallowed: device.ade,
  encrypted: false,
  payloads: [],
  signerCertificates: [],
  managed: false,
});

function profilesOf({ channel, device, payload }: Ask): InstalledProfile[] {
  const own = [...channel.profiles.values()];
  const known = own.some(({ identifier }) => identifier === device.line.managed.profileIdentifier);
  const all = isUser(channel) || known ? own : [enrollment(device), ...own];
  return payload.get("ManagedOnly") === true ? all.filter(({ managed }) => managed) : all;
}

function certificatesOf({ channel, device }: Ask): Uint8Array[] {
  const installed = [...channel.profiles.values()].flatMap(({ payloads }) => payloads.flatMap(certificateOf));
  return isUser(channel) ? installed : [...device.certificates, ...installed];
}

const certificateEntry = (der: Uint8Array, isIdentity: boolean) => ({
  CommonName: readCertificate(der).commonName ?? "",
  Data: der,
  IsIdentity: isIdentity,
});

/** A provisioning profile is a plist inside a CMS; made-up ones in tests may come without the CMS. */
function provisioningProfile(bytes: Uint8Array): PlistDict {
  const plist = bytes[0] === 0x30 ? readSignedData(bytes).content : bytes;
  return dictionary(plistOf(plist ?? new Uint8Array()), "the provisioning profile");
}

export const profileCommands: Handlers = {
  InstallProfile: {
    device: "imtvw",
    user: "ms",
    userEnrollment: "imv",
    answer: (ask) => {
      const bytes = dataAt(ask.payload, "Payload");
      return bytes ? install(ask, bytes) : malformed;
    },
  },
  RemoveProfile: {
    device: "imtvw",
    user: "ms",
    userEnrollment: "imv",
    answer: ({ channel, device, payload }) => {
      const identifier = textAt(payload, "Identifier");
      if (identifier === undefined) return malformed;
      if (!isUser(channel) && identifier === device.line.managed.profileIdentifier) {
        return done({}, () => device.removeManagement("the server removed the profile"));
      }
      if (!channel.profiles.delete(identifier)) {
        return failed(12075, `The profile “${identifier}” is not installed.`);
      }
      return done();
    },
  },
  ProfileList: {
    device: "imtvw",
    user: "ms",
    userEnrollment: "imv",
    answer: (ask) => done({ ProfileList: profilesOf(ask).map((profile) => listed(ask.device, profile)) }),
  },
  CertificateList: {
    device: "imtvw",
    user: "m",
    userEnrollment: "imv",
    answer: (ask) =>
      done({
        CertificateList: [
          ...(isUser(ask.channel) ? [] : [certificateEntry(ask.device.identity.certificate, true)]),
          ...certificatesOf(ask).map((der) => certificateEntry(der, false)),
        ],
      }),
  },
  InstallProvisioningProfile: {
    device: "imtvw",
    userEnrollment: "imv",
    answer: ({ device, payload }) => {
      const bytes = dataAt(payload, "ProvisioningProfile");
      if (!bytes) return malformed;
      try {
        const profile = provisioningProfile(bytes);
        const expiryDate = profile.get("ExpirationDate");
        const uuid = textAt(profile, "UUID") ?? "";
        device.state.provisioningProfiles.set(uuid, {
          uuid,
          name: textAt(profile, "Name") ?? "",
          expiryDate: expiryDate instanceof Date ? expiryDate : new Date(device.now()),
        });
        return done();
      } catch {
        return failed(4, "The provisioning profile cannot be read.", "MCProvisioningProfileErrorDomain");
      }
    },
  },
  RemoveProvisioningProfile: {
    device: "imtvw",
    userEnrollment: "imv",
    answer: ({ device, payload }) => {
      const uuid = textAt(payload, "UUID");
      if (uuid === undefined) return malformed;
      if (!device.state.provisioningProfiles.delete(uuid)) {
        return failed(12016, `The provisioning profile “${uuid}” is not installed.`);
      }
      return done();
    },
  },
  ProvisioningProfileList: {
    device: "imtvw",
    userEnrollment: "imv",
    answer: ({ device }) =>
      done({
        ProvisioningProfileList: [...device.state.provisioningProfiles.values()].map((profile) => ({
          Name: profile.name,
          UUID: profile.uuid,
          ExpiryDate: profile.expiryDate,
        })),
      }),
  },
};
