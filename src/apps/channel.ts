import { ok, type Result, refuse } from "../base/result.ts";
import { versionKey } from "../mdm/platform.ts";
import { type App, type AppChannel, type AppDevice, appConfiguration, packageConfiguration } from "./app.ts";

/**
 * What may bring an app to a device: a declaration where the device's system takes configurations of apps with it, commands
 * elsewhere. A refusal says in words why it is not for this device.
 *
 * The surprise: a device removes an app whose declaration goes, so one that is to stay is never declared.
 */
const declaredFrom: { readonly [platform: string]: string } = {
  ios: "18.4",
  ipados: "18.4",
  visionos: "2.4",
  macos: "26",
};

const named: { readonly [platform: string]: string } = {
  ios: "iPhone",
  ipados: "iPad",
  macos: "Mac",
  tvos: "Apple TV",
  visionos: "Vision Pro",
  watchos: "Apple Watch",
};

/** The names of a store's platforms that run on each of ours. */
const runs: { readonly [platform: string]: readonly string[] } = {
  ios: ["iOS"],
  ipados: ["iOS"],
  macos: ["macOS", "iOS"],
  tvos: ["tvOS"],
  visionos: ["visionOS", "iOS"],
  watchos: ["watchOS", "iOS"],
};

export const isAtLeast = (osVersion: string | undefined, least: string): boolean =>
  osVersion !== undefined && (versionKey(osVersion) ?? 0) >= (versionKey(least) ?? 0);

export const isMac = ({ platform }: AppDevice): boolean => platform === "macos";

/** The app of an iPhone on a Mac. */
export const isIosAppOnMac = ({ platforms }: App, device: AppDevice): boolean =>
  isMac(device) && platforms !== undefined && !platforms.includes("macOS") && platforms.includes("iOS");

export function channelFor(app: App, device: AppDevice): Result<AppChannel, string> {
  const { platform, osVersion } = device;
  if (platform === undefined) return refuse("the device has not said yet which platform it is");
  if (app.platforms !== undefined && !app.platforms.some((one) => runs[platform]?.includes(one)))
    return refuse(
      `the app is for ${app.platforms.join(", ")}, and this is an ${named[platform]}`
        .replace("an M", "a M")
        .replace("an V", "a V"),
    );
  if (isIosAppOnMac(app, device) && !("store" in app.source))
    return refuse("a Mac takes apps of iPhones only from the App Store");
  if (isDeclared(app, device)) return ok("declarations");
  if (!device.mayInstall) return refuse("the enrollment does not let this server install apps");
  if (platform === "macos" && device.kind === "user" && !isAtLeast(osVersion, "10.15"))
    return refuse("the system of this Mac takes no apps under a user enrollment");
  return ok("commands");
}

function isDeclared(app: App, device: AppDevice): boolean {
  const { platform, osVersion, declares, sharedIpad } = device;
  const least = platform === undefined ? undefined : declaredFrom[platform];
  if (least === undefined || !isAtLeast(osVersion, least) || sharedIpad || !app.removeWhenUnassigned)
    return false;
  const isPackage = isMac(device) && !("store" in app.source);
  // A Mac takes the configuration of an app with its declaration from macOS 27 on, and never with one of a package.
  if (isMac(device) && app.configuration !== null && (isPackage || !isAtLeast(osVersion, "27"))) return false;
  if (isMac(device) && device.supervised !== true && (isPackage || device.kind !== "user")) return false;
  const type = isPackage ? packageConfiguration : appConfiguration;
  return declares === undefined || declares.has(type);
}
