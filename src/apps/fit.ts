import { isAppleSilicon, type Platform } from "../mdm/platform.ts";
import type { App } from "./app.ts";

/**
 * Whether an app is for a device, by its platform: what the store licenses or the file was built for, and what its owner
 * says in `platforms`.
 *
 * The surprise: Macs with Apple silicon run apps of iPhones and iPads, but get them only where the owner names `macos`.
 * Few of them are meant for Macs, and each takes a licence.
 */
type Machine = {
  platform: Platform | undefined;
  /** Such as `Mac15,3`. */
  productName: string | undefined;
};

const named: { readonly [P in Platform]: string } = {
  ios: "an iPhone",
  ipados: "an iPad",
  macos: "a Mac",
  tvos: "an Apple TV",
  visionos: "a Vision Pro",
  watchos: "an Apple Watch",
};

/** What each runs, in the words of Apple's store. */
const runs: { readonly [P in Platform]: readonly string[] } = {
  ios: ["iOS"],
  ipados: ["iOS"],
  macos: ["macOS"],
  tvos: ["tvOS"],
  visionos: ["visionOS", "iOS"],
  watchos: ["watchOS", "iOS"],
};

/** The platforms that the owner names; undefined: all that it is built for. */
export const chosenPlatforms = (source: App["source"]): readonly Platform[] | undefined =>
  "package" in source ? undefined : "store" in source ? source.store.platforms : source.manifest.platforms;

/** In words why the app is not for that device; undefined: it may have it. */
export function whyNotFor(
  { source, platforms }: Pick<App, "source" | "platforms">,
  { platform, productName }: Machine,
): string | undefined {
  if (platform === undefined) return "the device has not said yet which platform it is";
  const chosen = chosenPlatforms(source);
  const isChosen = chosen?.includes(platform) === true;
  if (chosen !== undefined && !isChosen)
    return `the app is to go to ${chosen.join(", ")} alone, and this is ${named[platform]}`;
  if (platforms === undefined || platforms.some((one) => runs[platform].includes(one))) return undefined;
  if (platform !== "macos" || !platforms.includes("iOS"))
    return `the app is for ${platforms.join(", ")}, and this is ${named[platform]}`;
  if (!("store" in source)) return "a Mac takes apps of iPhones only from the App Store";
  if (!isChosen)
    return "the app is for iPhone and iPad, and this is a Mac: name macos in its platforms if it is to go to Macs too";
  if (productName !== undefined && !isAppleSilicon(productName))
    return "the app is for iPhone and iPad, and this Mac runs no such apps: it has no Apple silicon";
  return undefined;
}
