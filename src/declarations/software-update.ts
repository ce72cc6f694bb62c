// Software update enforcement: what a policy says, as declarations for each platform.
// https://developer.apple.com/documentation/devicemanagement/softwareupdateenforcementspecific
// The surprise: the deadline is in the local time of each device, so it has no zone.
import { day } from "../base/time.ts";
import type { Payload } from "./server-filled.ts";

export const updatePlatforms = ["ios", "ipados", "macos", "tvos", "visionos"] as const;
export type UpdatePlatform = (typeof updatePlatforms)[number];

export type UpdateTarget =
  | { kind: "version"; version: string; build?: string | undefined; deadline: string }
  | { kind: "latest"; days_after_release: number; local_time: string };

/** What a platform is to have, and by when. */
export type Enforcement = {
  version: string;
  build?: string;
  /** `YYYY-MM-DDTHH:MM:SS`, wherever the device is. */
  deadline: string;
};

export type Release = {
  version: string;
  releasedAt: number;
};

/** Undefined: no release of this platform is known. */
export function enforcementOf(target: UpdateTarget, newest: Release | undefined): Enforcement | undefined {
  if (target.kind === "version") {
    const { version, build, deadline } = target;
    return { version, ...(build !== undefined && { build }), deadline };
  }
  if (!newest) return undefined;
  const date = new Date(newest.releasedAt + target.days_after_release * day).toISOString().slice(0, 10);
  return { version: newest.version, deadline: `${date}T${target.local_time}:00` };
}

export const configurationName = (policy: string, platform: string): string =>
  `software-update.${policy}.${platform}`;

export const activationName = (policy: string, platform: string): string =>
  `${configurationName(policy, platform)}.activation`;

/** The set of a policy that has no other. */
export const ownSetName = (policy: string): string => `software-update.${policy}`;

/** The longest names stay within the 64 octets of an identifier. */
export const longestPolicyName = 24;

// Devices choose by themselves, so that one set serves a mixed fleet. iPads may call their system either name.
const family = (...names: string[]) =>
  `@status(device.operating-system.family) IN {${names.map((name) => `'${name}'`).join(", ")}}`;
const isPad = "@status(device.model.family) == 'iPad'";
const predicates: Record<UpdatePlatform, string> = {
  ios: `${family("iOS", "iPadOS")} AND NOT ${isPad}`,
  ipados: `${family("iOS", "iPadOS")} AND ${isPad}`,
  macos: family("macOS"),
  tvos: family("tvOS"),
  visionos: family("visionOS"),
};

export type PlainDeclaration = {
  identifier: string;
  type: string;
  payload: Payload;
};

/** The configuration and its activation, in the order in which they must be saved. */
export function declareUpdate(
  policy: string,
  platform: UpdatePlatform,
  { version, build, deadline }: Enforcement,
  detailsUrl: string | null,
): [PlainDeclaration, PlainDeclaration] {
  const configuration = configurationName(policy, platform);
  const payload = {
    TargetOSVersion: version,
    ...(build !== undefined && { TargetBuildVersion: build }),
    TargetLocalDateTime: deadline,
    ...(detailsUrl !== null && { DetailsURL: detailsUrl }),
  };
  return [
    {
      identifier: configuration,
      type: "com.apple.configuration.softwareupdate.enforcement.specific",
      payload,
    },
    {
      identifier: activationName(policy, platform),
      type: "com.apple.activation.simple",
      payload: { StandardConfigurations: [configuration], Predicate: predicates[platform] },
    },
  ];
}
