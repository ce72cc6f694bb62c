import { ok, type Result } from "../base/result.ts";
import { readPlist } from "../plist/read.ts";
import type { PlistValue } from "../plist/value.ts";
import { isPrintable } from "./distribution.ts";
import { type FileRefusal, refuseFile } from "./refusal.ts";
import type { ZipEntry } from "./zip.ts";

/**
 * What an app says of itself in its Info.plist, XML or binary.
 * https://developer.apple.com/documentation/bundleresources/information-property-list
 */
export type AppInfo = {
  identifier: string;
  version: string;
  shortVersion: string | null;
  title: string;
  minimumOsVersion: string | null;
  platforms: string[];
};

export const mostInfoBytes = 1024 * 1024;
export const mostProfileBytes = 1024 * 1024;

const infoPath = /^Payload\/[^/]+\.app\/Info\.plist$/;
const profilePath = /^Payload\/[^/]+\.app\/embedded\.mobileprovision$/;

export const isPartOfApp = (path: string): boolean =>
  path.startsWith("Payload/") && (infoPath.test(path) || profilePath.test(path));

/** One app, and each of its files once. */
export function partsOfApp(
  entries: readonly ZipEntry[],
): Result<{ info: ZipEntry; profile: ZipEntry | undefined }, FileRefusal> {
  const infos = entries.filter(({ path }) => infoPath.test(path));
  const [info, second] = infos;
  if (info === undefined) return refuseFile("no-app", "there is no Payload/….app with an Info.plist");
  if (second !== undefined)
    return second.path === info.path
      ? refuseFile("damaged", `the archive has ${info.path} twice`)
      : refuseFile("several-apps", `the archive has ${infos.length} apps`);
  const folder = info.path.slice(0, -"Info.plist".length);
  const profiles = entries.filter(({ path }) => path === `${folder}embedded.mobileprovision`);
  if (profiles.length > 1) return refuseFile("damaged", "the archive has its provisioning profile twice");
  return ok({ info, profile: profiles[0] });
}

export function readAppInfo(bytes: Uint8Array): Result<AppInfo, FileRefusal> {
  const read = readPlist(bytes, { bytes: mostInfoBytes, nodes: 20_000 });
  if (!read.ok) return refuseFile("damaged", `Info.plist cannot be read: ${read.refusal.reason}`);
  if (!(read.value instanceof Map)) return refuseFile("damaged", "Info.plist is no dictionary");
  const text = (key: string): string | undefined => printable(read.value, key);
  const identifier = text("CFBundleIdentifier");
  if (identifier === undefined) return refuseFile("no-identifier", "Info.plist has no CFBundleIdentifier");
  const version = text("CFBundleVersion");
  if (version === undefined) return refuseFile("no-version", "Info.plist has no CFBundleVersion");
  return ok({
    identifier,
    version,
    shortVersion: text("CFBundleShortVersionString") ?? null,
    title: text("CFBundleDisplayName") ?? text("CFBundleName") ?? identifier,
    minimumOsVersion: text("MinimumOSVersion") ?? null,
    platforms: platformsOf(read.value.get("CFBundleSupportedPlatforms")),
  });
}

function printable(dict: PlistValue, key: string): string | undefined {
  const value = dict instanceof Map ? dict.get(key) : undefined;
  return typeof value === "string" && value !== "" && isPrintable(value) ? value : undefined;
}

const platformsOf = (value: PlistValue | undefined): string[] =>
  Array.isArray(value)
    ? value
        .filter((one) => typeof one === "string" && isPrintable(one))
        .slice(0, 10)
        .map(String)
    : [];
