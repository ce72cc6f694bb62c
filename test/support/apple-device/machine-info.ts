/**
 * What a device posts to fetch an enrollment profile (Apple: MachineInfo): a property list about itself, signed with
 * the certificate it got in the factory. Whoever plays Apple's device authority gives that certificate.
 */
import type { Identity } from "./certificate.ts";
import { signedData } from "./cms.ts";
import type { Bytes } from "./der.ts";
import type { AppleDevice } from "./device.ts";
import { type Entries, messageBytes } from "./plist.ts";

export function machineInfo(
  device: AppleDevice,
  factory: Identity & { above?: readonly Bytes[] },
  extra: Entries = {},
): Bytes {
  const { flavour, hardware } = device;
  const known: Entries = {
    LANGUAGE: "en",
    PRODUCT: flavour.productName,
    VERSION: flavour.buildVersion,
    OS_VERSION: flavour.osVersion,
  };
  const named: Entries = {
    UDID: hardware.udid,
    SERIAL: hardware.serialNumber,
    IMEI: hardware.imei,
    MDM_CAN_REQUEST_SOFTWARE_UPDATE: true,
  };
  return signedData({
    content: messageBytes({ ...known, ...(device.byUser ? {} : named), ...extra }),
    detached: false,
    signer: factory,
    ...(factory.above && { certificates: [factory.certificate, ...factory.above] }),
    style: { digest: "SHA-256", attributes: true, encoding: "ber", algorithm: "plain" },
    now: device.now(),
  });
}
