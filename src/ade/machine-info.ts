import { ok, type Result, refuse } from "../base/result.ts";
import { BadKey, Keys } from "../mdm/keys.ts";
import type { Certificate } from "../pki/certificate.ts";
import { findChain } from "../pki/chain.ts";
import { verifySignedData } from "../pki/cms/verify.ts";
import { readPlist } from "../plist/read.ts";

/**
 * What a device says of itself when it asks for its enrollment profile, signed with the key it has from the factory.
 * https://developer.apple.com/documentation/devicemanagement/machineinfo
 *
 * Two surprises. Certificates of devices and of their authority are out of date as a rule, so no date is looked at, and
 * signatures with SHA-1 count. And the signature says that the sender has a key of some Apple device: that the device is
 * the one it names follows from nothing here.
 */
export type MachineInfo = {
  UDID: string;
  SERIAL: string;
  PRODUCT: string;
  /** The build. */
  VERSION: string | undefined;
  OS_VERSION: string | undefined;
  LANGUAGE: string | undefined;
  SOFTWARE_UPDATE_DEVICE_ID: string | undefined;
  MDM_CAN_REQUEST_SOFTWARE_UPDATE: boolean;
  MDM_CAN_REQUEST_PSSO_CONFIG: boolean;
  /** Of an Apple Watch whose phone has spoken for it. */
  PAIRING_TOKEN: Uint8Array | undefined;
};

export type MachineInfoRefusal = { reason: "unreadable" | "not-signed-by-a-device"; detail: string };

export const largestMachineInfo = 64 * 1024;
const longestText = 255;

export async function readMachineInfo(
  message: Uint8Array,
  authorities: readonly Certificate[],
): Promise<Result<MachineInfo, MachineInfoRefusal>> {
  const verified = await verifySignedData(message, { allowSha1: true, maxBytes: largestMachineInfo });
  if (!verified.ok) {
    const { reason } = verified.refusal;
    return unreadable(`the message is not signed data that holds: ${reason}`);
  }
  const { signer, certificates, content } = verified.value;
  const chain = await findChain(signer, {
    anchors: authorities,
    intermediates: certificates,
    allowSha1: true,
    purpose: "any",
  });
  if (!chain.ok)
    return refuse({
      reason: "not-signed-by-a-device",
      detail: `no authority of devices stands behind the signer: ${chain.refusal.reason}`,
    });
  const read = readPlist(content ?? new Uint8Array());
  if (!read.ok || !(read.value instanceof Map)) return unreadable("what is signed is no property list");
  return decode(new Keys(read.value));
}

function decode(keys: Keys): Result<MachineInfo, MachineInfoRefusal> {
  try {
    return ok({
      UDID: named(keys, "UDID"),
      SERIAL: named(keys, "SERIAL"),
      PRODUCT: named(keys, "PRODUCT"),
      VERSION: keys.optionalString("VERSION"),
      OS_VERSION: keys.optionalString("OS_VERSION"),
      LANGUAGE: keys.optionalString("LANGUAGE"),
      SOFTWARE_UPDATE_DEVICE_ID: keys.optionalString("SOFTWARE_UPDATE_DEVICE_ID"),
      MDM_CAN_REQUEST_SOFTWARE_UPDATE: keys.flag("MDM_CAN_REQUEST_SOFTWARE_UPDATE"),
      MDM_CAN_REQUEST_PSSO_CONFIG: keys.flag("MDM_CAN_REQUEST_PSSO_CONFIG"),
      PAIRING_TOKEN: keys.optionalData("PAIRING_TOKEN"),
    });
  } catch (fault) {
    if (fault instanceof BadKey) return unreadable(fault.detail);
    throw fault;
  }
}

function named(keys: Keys, key: string): string {
  const value = keys.string(key).trim();
  if (value === "" || value.length > longestText)
    throw new BadKey(key, `${key} must have 1 to ${longestText} characters`);
  return value;
}

const unreadable = (detail: string): { ok: false; refusal: MachineInfoRefusal } =>
  refuse({ reason: "unreadable", detail });
