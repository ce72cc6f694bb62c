import type { Platform } from "../../mdm/platform.ts";

/** What a person does after the download, by platform, in the words of the system's own menus. */
export type PlatformSteps = { platform: string; title: string; steps: readonly string[] };

export const platformSteps: readonly PlatformSteps[] = [
  {
    platform: "iphone",
    title: "iPhone, iPad or Vision Pro",
    steps: [
      "Open this page in Safari and tap Download profile, then Allow.",
      "Open Settings. Near the top, tap Profile Downloaded. If it is not there: General, then VPN & Device Management.",
      "Tap Install and enter your passcode. Read what it says, and tap Install once more.",
      "Tap Trust, then Done.",
    ],
  },
  {
    platform: "mac",
    title: "Mac",
    steps: [
      "Click Download profile. If the browser asks, allow the download and open it.",
      "Open System Settings, then General, then Device Management (before macOS 15: Privacy & Security, then Profiles).",
      "Double-click the profile and click Install or Enroll.",
      "Enter the password of an administrator of this Mac.",
    ],
  },
  {
    platform: "tv",
    title: "Apple TV",
    steps: [
      "Apple TV has no browser: it takes the profile’s address instead, which is the address behind Download profile.",
      "Open Settings, then General, then Privacy & Security. Move to Share Apple TV Analytics without pressing it.",
      "Press Play/Pause on the remote, choose Add Profile, and enter the address.",
      "Choose Install, and confirm. Apple Configurator on a Mac can also install it.",
    ],
  },
];

/** The platform of a browser, unless it may be a Mac: an iPad also calls itself a Mac, so "Mac" may be either. */
export function otherThanMac(userAgent: string): Platform | undefined {
  if (/iPhone|iPod/.test(userAgent)) return "ios";
  if (/iPad/.test(userAgent)) return "ipados";
  return /Apple ?TV|tvOS/i.test(userAgent) ? "tvos" : undefined;
}

/** The version of an iPhone's or iPad's system. Newer ones all say 18.6 here, which is new enough for every check. */
export const versionOf = (userAgent: string): string | undefined =>
  /\bOS (\d{1,2})_(\d{1,2})[_\d]* like Mac OS X/.exec(userAgent)?.slice(1).join(".");

/** A guess, because an iPad calls itself a Mac. It only decides which steps come first and open. */
export function guessPlatform(userAgent: string): string {
  if (/Apple ?TV|tvOS/i.test(userAgent)) return "tv";
  return /Macintosh|Mac OS X(?!.*like)/.test(userAgent) && !/iPhone|iPad|like Mac OS X/.test(userAgent)
    ? "mac"
    : "iphone";
}
