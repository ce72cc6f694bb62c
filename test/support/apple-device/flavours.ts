/** What kinds of machine there are, and how each differs on the wire (checkin-and-connect, sections 1, 2, 10). */
import { macSignature, mobileSignature, type SignatureStyle } from "./cms.ts";
import type { Random } from "./random.ts";
import type { ScepDialect } from "./scep.ts";

export type Flavour = {
  platform: "macos" | "ios" | "ipados" | "tvos" | "visionos" | "watchos";
  family: "Mac" | "iPhone" | "iPad" | "AppleTV" | "RealityDevice" | "Watch";
  productName: string;
  model: string;
  modelName: string;
  modelNumber: string;
  osVersion: string;
  buildVersion: string;
  userAgent: string;
  udid: "uuid" | "dashed" | "40 digits";
  signature: SignatureStyle;
  scep: ScepDialect;
  cellular: boolean;
  appleSilicon: boolean;
  /** Whether the system is new enough to read the documents of a 403. */
  readsErrorDocuments: boolean;
  /** Shared iPad: users come and go, each with a channel of the one constant UserID. */
  shared: boolean;
};

const mobile = {
  udid: "dashed",
  signature: mobileSignature,
  scep: "ios",
  userAgent: "MDM/1.0",
  cellular: false,
  appleSilicon: true,
  readsErrorDocuments: true,
  shared: false,
} as const;

const mac = {
  platform: "macos",
  family: "Mac",
  osVersion: "15.2",
  buildVersion: "24C101",
  userAgent: "MDM-OSX/1.0 mdmclient/24C101",
  udid: "uuid",
  signature: macSignature,
  scep: "macos",
  cellular: false,
  appleSilicon: true,
  readsErrorDocuments: true,
  shared: false,
} as const;

const ipad = {
  ...mobile,
  platform: "ipados",
  family: "iPad",
  productName: "iPad14,3",
  model: "MNXD3",
  modelName: "iPad",
  modelNumber: "MNXD3LL/A",
  osVersion: "18.2",
  buildVersion: "22C152",
} as const;

export const flavours = {
  mac: {
    ...mac,
    productName: "Mac15,3",
    model: "Mac15,3",
    modelName: "MacBook Pro",
    modelNumber: "MTL73LL/A",
  },
  intelMac: {
    ...mac,
    productName: "MacBookPro16,1",
    model: "MacBookPro16,1",
    modelName: "MacBook Pro",
    modelNumber: "MVVJ2LL/A",
    appleSilicon: false,
  },
  iphone: {
    ...mobile,
    platform: "ios",
    family: "iPhone",
    productName: "iPhone16,2",
    model: "MU693",
    modelName: "iPhone",
    modelNumber: "MU693LL/A",
    osVersion: "18.2",
    buildVersion: "22C152",
    cellular: true,
  },
  oldIphone: {
    ...mobile,
    platform: "ios",
    family: "iPhone",
    productName: "iPhone10,3",
    model: "MQA82",
    modelName: "iPhone",
    modelNumber: "MQA82LL/A",
    osVersion: "16.7.10",
    buildVersion: "20H350",
    readsErrorDocuments: false,
    udid: "40 digits",
    cellular: true,
  },
  ipad,
  sharedIpad: { ...ipad, shared: true },
  appleTv: {
    ...mobile,
    platform: "tvos",
    family: "AppleTV",
    productName: "AppleTV14,1",
    model: "MN873",
    modelName: "Apple TV",
    modelNumber: "MN873LL/A",
    osVersion: "18.2",
    buildVersion: "22K155",
  },
  visionPro: {
    ...mobile,
    platform: "visionos",
    family: "RealityDevice",
    productName: "RealityDevice14,1",
    model: "MQL83",
    modelName: "Apple Vision Pro",
    modelNumber: "MQL83LL/A",
    osVersion: "2.2",
    buildVersion: "22N842",
    userAgent: "DeviceManagementClient/1.0",
  },
  watch: {
    ...mobile,
    platform: "watchos",
    family: "Watch",
    productName: "Watch7,5",
    model: "MR8X3",
    modelName: "Apple Watch",
    modelNumber: "MR8X3LL/A",
    osVersion: "11.2",
    buildVersion: "22S99",
    userAgent: "DeviceManagementClient/1.0",
    cellular: true,
  },
} as const satisfies Record<string, Flavour>;

export type FlavourName = keyof typeof flavours;

/** What one machine was born with. */
export type Hardware = {
  udid: string;
  /** Differs from `udid` on Apple silicon Macs; never an identifier in MDM. */
  provisioningUdid: string;
  serialNumber: string;
  imei: string | undefined;
  wifiMac: string;
  bluetoothMac: string;
  ethernetMac: string | undefined;
};

export function newHardware(flavour: Flavour, random: Random): Hardware {
  const digits = (count: number): string => Buffer.from(random.bytes(count)).toString("hex").slice(0, count);
  const mac = (): string =>
    Buffer.from(random.bytes(6))
      .toString("hex")
      .replace(/..(?!$)/g, "$&:");
  const dashed = (): string => `0000${digits(4)}-00${digits(14)}`.toUpperCase();
  const udid = { uuid: random.uuid, dashed, "40 digits": () => digits(40) }[flavour.udid]();
  return {
    udid,
    provisioningUdid: flavour.platform === "macos" && flavour.appleSilicon ? dashed() : udid,
    serialNumber: Array.from({ length: 10 }, () => random.pick([..."CDFGHJKLMNPQRTVWXY0123456789"])).join(""),
    imei: flavour.cellular ? Array.from({ length: 15 }, () => random.below(10)).join("") : undefined,
    wifiMac: mac(),
    bluetoothMac: mac(),
    ethernetMac: flavour.platform === "macos" ? mac() : undefined,
  };
}
