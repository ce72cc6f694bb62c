import type { Bytes } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { verifySignedData } from "../pki/cms/verify.ts";
import { readPlist } from "../plist/read.ts";
import type { PlistDict, PlistValue } from "../plist/value.ts";

/**
 * The content of a `.mobileprovision` file: a property list in a CMS message that Apple signed.
 * https://developer.apple.com/documentation/devicemanagement/installprovisioningprofilecommand
 *
 * Leaves to others: whether the signer is Apple. The device checks that; it gets the uploaded bytes.
 *
 * The surprise: RemoveProvisioningProfile needs the UUID in this file, not an identifier of the app.
 */
export type ProvisioningProfile = {
  uuid: string;
  name: string;
  /** Team and bundle identifier, such as `ABCDE12345.com.example.app`. */
  appId: string | null;
  teamId: string | null;
  platforms: string[];
  expiresAt: number;
  /** UDIDs; null: for every device of the organization. */
  devices: string[] | null;
  bytes: Bytes;
};

export type ProvisioningProfileRefusal = {
  reason: "not-signed-data" | "not-a-plist" | "bad-key";
  detail: string;
};

export async function readProvisioningProfile(
  bytes: Bytes,
): Promise<Result<ProvisioningProfile, ProvisioningProfileRefusal>> {
  const signed = await verifySignedData(bytes, { allowSha1: true });
  if (!signed.ok) return unsigned(`the file is not a complete signed message: ${signed.refusal.reason}`);
  if (!signed.value.content) return unsigned("the signed message has no content");
  const read = readPlist(signed.value.content);
  if (!read.ok || !(read.value instanceof Map))
    return refuse({
      reason: "not-a-plist",
      detail: "the signed content is not a property list's dictionary",
    });
  return describe(read.value, bytes);
}

const unsigned = (detail: string): { ok: false; refusal: ProvisioningProfileRefusal } =>
  refuse({ reason: "not-signed-data", detail });

function describe(dict: PlistDict, bytes: Bytes): Result<ProvisioningProfile, ProvisioningProfileRefusal> {
  const uuid = dict.get("UUID");
  const name = dict.get("Name");
  const expires = dict.get("ExpirationDate");
  if (typeof uuid !== "string" || uuid === "" || uuid.length > 100) return badKey("UUID", "a text");
  if (typeof name !== "string") return badKey("Name", "a text");
  if (!(expires instanceof Date)) return badKey("ExpirationDate", "a date");
  const entitlements = dict.get("Entitlements");
  const rights: PlistDict = entitlements instanceof Map ? entitlements : new Map();
  const appId = rights.get("application-identifier") ?? rights.get("com.apple.application-identifier");
  return ok({
    uuid,
    name: name.slice(0, 500),
    appId: typeof appId === "string" ? appId : null,
    teamId: textsOf(dict.get("TeamIdentifier"))[0] ?? null,
    platforms: textsOf(dict.get("Platform")),
    expiresAt: expires.getTime(),
    devices: dict.get("ProvisionsAllDevices") === true ? null : textsOf(dict.get("ProvisionedDevices")),
    bytes,
  });
}

const badKey = (key: string, what: string): { ok: false; refusal: ProvisioningProfileRefusal } =>
  refuse({ reason: "bad-key", detail: `${key} of the provisioning profile is not ${what}` });

const textsOf = (value: PlistValue | undefined): string[] =>
  Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
