// Software update enforcement: a policy as declarations for each platform.
// https://developer.apple.com/documentation/devicemanagement/softwareupdateenforcementspecific
// The surprise: the deadline is in the local time of each device, so it has no zone.
import { day } from "../base/time.ts";
import type { Payload } from "./server-filled.ts";

export const updatePlatforms = ["ios", "ipados", "macos", "tvos", "visionos"] as const;
export type UpdatePlatform = (typeof updatePlatforms)[number];

export type UpdateTarget =
  | { kind: "version"; version: string; build?: string | undefined; deadline: string }
  | { kind: "latest"; days_after_release: number; local_time: string };

/** The required version of a platform, and its deadline. */
export type Enforcement = {
  version: string;
  build?: string;
  /** `YYYY-MM-DDTHH:MM:SS`, in the local time of the device. */
  deadline: string;
};

export type Release = {
  version: string;
  releasedAt: number;
};

export const enforcementOfVersion = ({
  version,
  build,
  deadline,
}: UpdateTarget & { kind: "version" }): Enforcement => ({
  version,
  ...(build !== undefined && { build }),
  deadline,
});

export function enforcementOfLatest(
  target: UpdateTarget & { kind: "latest" },
  { version, releasedAt }: Release,
): Enforcement {
  const date = new Date(releasedAt + target.days_after_release * day).toISOString().slice(0, 10);
  return { version, deadline: `${date}T${target.local_time}:00` };
}

/**
 * Of one platform, some devices may have another system for their latest. `suffix` names them in declarations: empty for the
 * newest, else a number such as `.18`.
 */
export type Audience = { suffix: string } & (
  | { only: readonly string[]; except?: undefined }
  | { only?: undefined; except: readonly string[] }
);

export const everyone: Audience = { suffix: "", except: [] };

export const configurationName = (policy: string, platform: string, suffix = ""): string =>
  `software-update.${policy}.${platform}${suffix}`;

export const activationName = (policy: string, platform: string, suffix = ""): string =>
  `${configurationName(policy, platform, suffix)}.activation`;

/** Whether it is one of those that a policy declares for a platform, whichever suffix it has. */
export function isDeclaredFor(identifier: string, policy: string, platform: string): boolean {
  const name = configurationName(policy, platform);
  return identifier.startsWith(name) && /^(\.\d+[a-z]?)?(\.activation)?$/.test(identifier.slice(name.length));
}

/** The own set of a policy that names no sets. */
export const ownSetName = (policy: string): string => `software-update.${policy}`;

/** Whether it is the name of what some policy declares. */
export const isPolicyIdentifier = (identifier: string): boolean => policyIdentifier.test(identifier);

const policyIdentifier = new RegExp(
  `^${ownSetName("[a-z0-9-]+")}\\.(${updatePlatforms.join("|")})(\\.\\d+[a-z]?)?(\\.activation)?$`,
);

/** The longest names, `software-update.<policy>.visionos.26b.activation`, stay within the 64 octets of an identifier. */
export const longestPolicyName = 24;

// Devices evaluate this themselves, so that one set works for a mixed fleet. iPads may use either name for their system.
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

/**
 * What tells a device its model as Apple's list calls it: a Mac's list names boards. That item needs a supervised Mac with
 * macOS 15; the other is everywhere.
 */
const modelItem = (platform: UpdatePlatform): string =>
  platform === "macos" ? "softwareupdate.device-id" : "device.model.identifier";

function predicateOf(platform: UpdatePlatform, { only, except }: Audience): string {
  const models = only ?? except;
  if (models.length === 0) return predicates[platform];
  const list = models.map((model) => `'${model}'`).join(", ");
  const among = `@status(${modelItem(platform)}) IN {${list}}`;
  return `${predicates[platform]} AND ${only ? among : `NOT (${among})`}`;
}

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
  audience: Audience = everyone,
): [PlainDeclaration, PlainDeclaration] {
  const configuration = configurationName(policy, platform, audience.suffix);
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
      identifier: activationName(policy, platform, audience.suffix),
      type: "com.apple.activation.simple",
      payload: { StandardConfigurations: [configuration], Predicate: predicateOf(platform, audience) },
    },
  ];
}
