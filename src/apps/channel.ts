import { ok, type Result, refuse } from "../base/result.ts";
import { versionKey } from "../mdm/platform.ts";
import { type App, type AppChannel, type AppDevice, appConfiguration, packageConfiguration } from "./app.ts";
import { whyNotFor } from "./fit.ts";

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

export const isAtLeast = (osVersion: string | undefined, least: string): boolean =>
  osVersion !== undefined && (versionKey(osVersion) ?? 0) >= (versionKey(least) ?? 0);

export const isMac = ({ platform }: AppDevice): boolean => platform === "macos";

/** The app of an iPhone on a Mac. */
export const isIosAppOnMac = ({ platforms }: App, device: AppDevice): boolean =>
  isMac(device) && platforms !== undefined && !platforms.includes("macOS") && platforms.includes("iOS");

export function channelFor(app: App, device: AppDevice): Result<AppChannel, string> {
  const { platform, osVersion } = device;
  const misfit = whyNotFor(app, device);
  if (misfit !== undefined) return refuse(misfit);
  if (isDeclared(app, device)) return ok("declarations");
  if (!device.mayInstall) return refuse("the enrollment does not let this server install apps");
  if (platform === "macos" && device.kind === "user" && !isAtLeast(osVersion, "10.15"))
    return refuse("the system of this Mac takes no apps under a user enrollment");
  return ok("commands");
}

/**
 * A Mac that has not said yet whether it is supervised: what commands have begun is never declared later, so an app waits
 * for the answer.
 */
export const isUndecided = (app: App, device: AppDevice): boolean =>
  device.supervised === undefined &&
  isDeclared(app, { ...device, supervised: true }) &&
  !isDeclared(app, device);

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
