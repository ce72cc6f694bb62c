import type { Platform } from "../../mdm/platform.ts";

/** What has steps of its own. */
export type StepsFor = "iphone" | "mac" | "tv";

/** Where the page is read. `other`: a computer or phone that cannot be enrolled. */
export type Machine = StepsFor | "other";

/** The platform of a browser, unless it may be a Mac: an iPad also calls itself a Mac, so "Mac" may be either. */
export function otherThanMac(userAgent: string): Platform | undefined {
  if (/iPhone|iPod/.test(userAgent)) return "ios";
  if (/iPad/.test(userAgent)) return "ipados";
  return /Apple ?TV|tvOS/i.test(userAgent) ? "tvos" : undefined;
}

/** The version of an iPhone's or iPad's system. Newer ones all say 18.6 here, which is new enough for every check. */
export const versionOf = (userAgent: string): string | undefined =>
  /\bOS (\d{1,2})_(\d{1,2})[_\d]* like Mac OS X/.exec(userAgent)?.slice(1).join(".");

/** A guess, because an iPad calls itself a Mac. It only decides what comes first and whether a code to scan is shown. */
export function guessMachine(userAgent: string): Machine {
  if (/Apple ?TV|tvOS/i.test(userAgent)) return "tv";
  if (/iPhone|iPad|iPod|like Mac OS X/.test(userAgent)) return "iphone";
  if (/Macintosh|Mac OS X/.test(userAgent)) return "mac";
  return /Windows|Linux|X11|CrOS|Android/.test(userAgent) ? "other" : "iphone";
}
