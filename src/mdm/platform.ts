/** The platforms with their names in this API, and how to recognise them from a device's own values. */
export const platforms = ["ios", "ipados", "macos", "tvos", "visionos", "watchos"] as const;

export type Platform = (typeof platforms)[number];

const families: readonly [RegExp, Platform][] = [
  [/^(iPhone|iPod)/i, "ios"],
  [/^iPad/i, "ipados"],
  [/^(AppleTV|Apple TV)/i, "tvos"],
  [/^(RealityDevice|Apple Vision)/i, "visionos"],
  [/^(Watch|Apple Watch)/i, "watchos"],
  [/^(Mac|iMac|VirtualMac|Xserve)/i, "macos"],
];

/** From ProductName or Model, such as `iPhone15,2` or `MacBookPro18,3`; undefined if neither is known. */
export function platformOf(names: readonly (string | undefined)[]): Platform | undefined {
  for (const name of names) {
    const family = families.find(([pattern]) => name !== undefined && pattern.test(name));
    if (family) return family[1];
  }
  return undefined;
}

/** A version as one number for sorting: 17.4.1 -> 17004001. */
export function versionKey(version: string): number | undefined {
  const match = /^(\d{1,4})(?:\.(\d{1,3}))?(?:\.(\d{1,3}))?/.exec(version);
  return match
    ? Number(match[1]) * 1_000_000 + Number(match[2] ?? 0) * 1_000 + Number(match[3] ?? 0)
    : undefined;
}

const understandsUnrecognizedDevice: Record<Platform, number> = {
  ios: 17,
  ipados: 17,
  macos: 14,
  tvos: 17,
  visionos: 1,
  watchos: 10,
};

/** Whether the system knows the error document that ends an enrollment; older ones know only 401. */
export function knowsErrorDocuments(platform: Platform | undefined, osVersion: string | undefined): boolean {
  const key = osVersion === undefined ? undefined : versionKey(osVersion);
  if (platform === undefined || key === undefined) return true;
  return key >= understandsUnrecognizedDevice[platform] * 1_000_000;
}

const introducedDeclarations: Record<Platform, string> = {
  ios: "15",
  ipados: "15",
  macos: "13",
  tvos: "16",
  visionos: "1.1",
  watchos: "10",
};

/** Whether the system supports declarative management. An unknown system may. */
export function mayKnowDeclarations(platform: Platform | undefined, osVersion: string | undefined): boolean {
  const key = osVersion === undefined ? undefined : versionKey(osVersion);
  if (platform === undefined || key === undefined) return true;
  return key >= (versionKey(introducedDeclarations[platform]) ?? 0);
}

/** The generation of each family with which it begins. */
const firstAppleSilicon: Readonly<Record<string, number>> = {
  Mac: 13,
  MacBookAir: 10,
  MacBookPro: 17,
  Macmini: 9,
  iMac: 21,
};

/** Of a Mac's ProductName, such as `Mac15,3`. */
export function isAppleSilicon(productName: string): boolean {
  const [, family = "", generation = "0"] = /^([A-Za-z]+)(\d+),/.exec(productName) ?? [];
  return Number(generation) >= (firstAppleSilicon[family] ?? Number.POSITIVE_INFINITY);
}
