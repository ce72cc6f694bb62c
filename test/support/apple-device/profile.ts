/**
 * How a device reads the profile that enrols it (Apple: MDM and SCEP payloads): what it takes from it, what makes it
 * refuse the installation, and what it refuses in a later version of it.
 */
import type { PlistDict, PlistValue } from "../../../src/plist/value.ts";
import type { AcmeParameters } from "./acme.ts";
import type { NameInput } from "./certificate.ts";
import { readSignedData } from "./cms.ts";
import type { Bytes } from "./der.ts";
import { dictionary, plistOf } from "./plist.ts";
import type { ScepParameters } from "./scep.ts";

/** What the MDM payload fixed for this enrollment. */
export type Management = {
  serverUrl: string;
  checkInUrl: string;
  topic: string;
  signMessage: boolean;
  accessRights: number;
  capabilities: readonly string[];
  checkOutWhenRemoved: boolean;
  enrollmentMode: "BYOD" | "ADDE" | undefined;
  managedAppleId: string | undefined;
  profileIdentifier: string;
  profileUuid: string;
  identityPayloadIdentifier: string;
};

export type EnrollmentProfile = {
  management: Management;
  /** undefined when the identity comes another way (ACME, PKCS #12). */
  scep: ScepParameters | undefined;
  acme?: AcmeParameters | undefined;
  certificates: readonly Bytes[];
};

/** The installation failed on the device, before or after it spoke to the server. */
export class ProfileRefused extends Error {
  override readonly name = "ProfileRefused";
}

export const rights = {
  lockAndPasscode: 4,
  deviceInformation: 16,
  networkInformation: 32,
} as const;

export const capability = {
  perUserConnections: "com.apple.mdm.per-user-connections",
  bootstrapToken: "com.apple.mdm.bootstraptoken",
  token: "com.apple.mdm.token",
} as const;

/** A profile as bytes, signed or not. */
export function readProfile(bytes: Uint8Array): PlistDict {
  const plist = bytes[0] === 0x30 ? readSignedData(bytes).content : bytes;
  if (plist === undefined) throw new ProfileRefused("the signed profile has no content");
  const profile = dictionary(plistOf(plist), "the profile");
  if (profile.get("PayloadType") !== "Configuration") {
    throw new ProfileRefused(`PayloadType is ${String(profile.get("PayloadType"))}, not Configuration`);
  }
  return profile;
}

export const payloadsOf = (profile: PlistDict): PlistDict[] => {
  const content = profile.get("PayloadContent");
  if (!Array.isArray(content)) throw new ProfileRefused("PayloadContent is no array");
  return content.map((payload) => dictionary(payload, "a payload"));
};

export const isEnrollmentProfile = (profile: PlistDict): boolean =>
  payloadsOf(profile).some((payload) => payload.get("PayloadType") === "com.apple.mdm");

export function readEnrollmentProfile(bytes: Uint8Array, requireHttps: boolean): EnrollmentProfile {
  const profile = readProfile(bytes);
  const payloads = payloadsOf(profile);
  const [mdm, ...more] = payloads.filter((payload) => payload.get("PayloadType") === "com.apple.mdm");
  if (!mdm || more.length > 0) throw new ProfileRefused("there must be exactly one MDM payload");

  const identityUuid = stringAt(mdm, "IdentityCertificateUUID");
  const identity = payloads.find((payload) => payload.get("PayloadUUID") === identityUuid);
  if (!identity) throw new ProfileRefused(`IdentityCertificateUUID ${identityUuid} names no payload`);
  const identityPayloadIdentifier = stringAt(identity, "PayloadIdentifier");

  return {
    management: {
      ...readManagement(mdm, requireHttps),
      profileIdentifier: stringAt(profile, "PayloadIdentifier"),
      profileUuid: stringAt(profile, "PayloadUUID"),
      identityPayloadIdentifier,
    },
    scep: identity.get("PayloadType") === "com.apple.security.scep" ? readScep(identity) : undefined,
    acme:
      identity.get("PayloadType") === "com.apple.security.acme"
        ? readAcme(identity, requireHttps)
        : undefined,
    certificates: payloads.flatMap(certificateOf),
  };
}

function readManagement(
  mdm: PlistDict,
  requireHttps: boolean,
): Omit<Management, "profileIdentifier" | "profileUuid" | "identityPayloadIdentifier"> {
  const serverUrl = stringAt(mdm, "ServerURL");
  const checkInUrl = optionalString(mdm, "CheckInURL") ?? serverUrl;
  const topic = stringAt(mdm, "Topic");
  const mode = optionalString(mdm, "EnrollmentMode");
  const accessRights = mdm.get("AccessRights");
  const capabilities = mdm.get("ServerCapabilities") ?? [];
  for (const url of [serverUrl, checkInUrl]) {
    if (requireHttps && !url.startsWith("https://")) throw new ProfileRefused(`${url} is not https`);
  }
  if (!topic.startsWith("com.apple.mgmt.")) throw new ProfileRefused(`topic ${topic} is no management topic`);
  if (mode !== undefined && mode !== "BYOD" && mode !== "ADDE") {
    throw new ProfileRefused(`EnrollmentMode ${mode} is unknown`);
  }
  if (mode === "BYOD" && accessRights !== undefined) {
    throw new ProfileRefused("AccessRights must be absent when EnrollmentMode is BYOD");
  }
  const granted = typeof accessRights === "number" ? accessRights : 8191;
  checkRights(granted);
  return {
    serverUrl,
    checkInUrl,
    topic,
    signMessage: mdm.get("SignMessage") === true,
    accessRights: granted,
    capabilities: Array.isArray(capabilities) ? capabilities.map(String) : [],
    checkOutWhenRemoved: mdm.get("CheckOutWhenRemoved") === true,
    enrollmentMode: mode,
    managedAppleId: optionalString(mdm, "AssignedManagedAppleID") ?? optionalString(mdm, "ManagedAppleID"),
  };
}

function checkRights(granted: number): void {
  const lacks = (right: number, needed: number): boolean =>
    (granted & right) !== 0 && (granted & needed) === 0;
  if (granted < 1 || granted > 8191 || lacks(2, 1) || lacks(128, 64)) {
    throw new ProfileRefused(`AccessRights ${granted} do not fit together`);
  }
}

function readScep(payload: PlistDict): ScepParameters {
  const content = dictionary(payload.get("PayloadContent"), "PayloadContent of the SCEP payload");
  const fingerprint = content.get("CAFingerprint");
  const keyUsage = content.get("Key Usage");
  const retries = content.get("Retries");
  const retryDelay = content.get("RetryDelay");
  if ((content.get("Keysize") ?? 1024) !== 2048) {
    throw new ProfileRefused(
      `this device makes 2048-bit keys, the payload asks for ${String(content.get("Keysize") ?? 1024)}`,
    );
  }
  const name = optionalString(content, "Name");
  const challenge = optionalString(content, "Challenge");
  return {
    url: stringAt(content, "URL"),
    ...(name === undefined ? {} : { name }),
    ...(challenge === undefined ? {} : { challenge }),
    ...(content.has("Subject") ? { subject: nameInput(content.get("Subject")) } : {}),
    ...(typeof keyUsage === "number" ? { keyUsage } : {}),
    ...(fingerprint instanceof Uint8Array ? { caFingerprint: fingerprint } : {}),
    ...(typeof retries === "number" ? { retries } : {}),
    ...(typeof retryDelay === "number" ? { retryDelaySeconds: retryDelay } : {}),
    names: alternativeNames(content.get("SubjectAltName")),
  };
}

function readAcme(payload: PlistDict, requireHttps: boolean): AcmeParameters {
  const [keyType, keySize, usageFlags] = ["KeyType", "KeySize", "UsageFlags"].map((key) => payload.get(key));
  const [hardwareBound, attest] = ["HardwareBound", "Attest"].map((key) => payload.get(key));
  const directoryUrl = stringAt(payload, "DirectoryURL");
  if (requireHttps && !directoryUrl.startsWith("https://"))
    throw new ProfileRefused(`${directoryUrl} is not https`);
  if (typeof hardwareBound !== "boolean") throw new ProfileRefused("HardwareBound is missing");
  if (attest === true && !hardwareBound) throw new ProfileRefused("Attest without HardwareBound");
  if (keyType !== "RSA" && keyType !== "ECSECPrimeRandom")
    throw new ProfileRefused(`KeyType ${String(keyType)}`);
  if (typeof keySize !== "number") throw new ProfileRefused("KeySize is missing");
  return {
    directoryUrl,
    clientIdentifier: stringAt(payload, "ClientIdentifier"),
    keyType,
    keySize,
    hardwareBound,
    attest: attest === true,
    subject: nameInput(payload.get("Subject")),
    usageFlags: typeof usageFlags === "number" ? usageFlags : 0,
  };
}

const nameInput = (subject: PlistValue | undefined): NameInput =>
  list(subject).map((relative) =>
    list(relative).map((pair): [string, string] => {
      const [type, value, ...more] = list(pair);
      if (typeof type !== "string" || typeof value !== "string" || more.length > 0) {
        throw new ProfileRefused("Subject holds something else than pairs of strings");
      }
      return [type, value];
    }),
  );

function alternativeNames(names: PlistValue | undefined): NonNullable<ScepParameters["names"]> {
  if (names === undefined) return {};
  const all = dictionary(names, "SubjectAltName");
  const principal = optionalString(all, "ntPrincipalName");
  const texts = (key: string): string[] => {
    const value = all.get(key);
    return value === undefined ? [] : (Array.isArray(value) ? value : [value]).map(String);
  };
  return {
    rfc822Name: texts("rfc822Name"),
    dNSName: texts("dNSName"),
    uniformResourceIdentifier: texts("uniformResourceIdentifier"),
    ...(principal === undefined ? {} : { ntPrincipalName: principal }),
  };
}

const pemBlock = /-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/g;

export function certificateOf(payload: PlistDict): Bytes[] {
  const content = payload.get("PayloadContent");
  if (!(content instanceof Uint8Array)) return [];
  switch (payload.get("PayloadType")) {
    case "com.apple.security.root":
    case "com.apple.security.pkcs1":
      return [new Uint8Array(content)];
    case "com.apple.security.pem":
      return [...Buffer.from(content).toString("latin1").matchAll(pemBlock)].map(
        ([, body = ""]) => new Uint8Array(Buffer.from(body, "base64")),
      );
    default:
      return [];
  }
}

const immutable = ["serverUrl", "checkInUrl", "topic", "enrollmentMode", "managedAppleId"] as const;

/** An update over MDM may change nothing that anchors the enrollment, and rights may only shrink. */
export function checkUpdate(before: Management, after: Management): void {
  for (const key of immutable) {
    if (before[key] !== after[key]) {
      throw new ProfileRefused(`an update may not change ${key} from ${before[key]} to ${after[key]}`);
    }
  }
  if ((after.accessRights & ~before.accessRights) !== 0) {
    throw new ProfileRefused(`an update may not add rights: ${before.accessRights} to ${after.accessRights}`);
  }
  const users = (management: Management): boolean =>
    management.capabilities.includes(capability.perUserConnections);
  if (users(before) !== users(after))
    throw new ProfileRefused("an update may not add or remove user connections");
}

const list = (value: PlistValue | undefined): PlistValue[] => {
  if (!Array.isArray(value)) throw new ProfileRefused("Subject is no array of arrays");
  return value;
};

function optionalString(from: PlistDict, key: string): string | undefined {
  const value = from.get(key);
  if (value !== undefined && typeof value !== "string") throw new ProfileRefused(`${key} is no string`);
  return value;
}

function stringAt(from: PlistDict, key: string): string {
  const value = optionalString(from, key);
  if (value === undefined || value === "") throw new ProfileRefused(`${key} is missing`);
  return value;
}
