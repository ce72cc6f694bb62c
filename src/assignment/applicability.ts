import { type Obstacle, obstacles, platformOf } from "../catalog/availability.ts";
import type { Context } from "../catalog/context.ts";
import type { FindingCode } from "../catalog/finding.ts";
import { commandSpec, profileSpec } from "../catalog/lookup.ts";
import type { PlistDict, PlistValue } from "../plist/value.ts";

/**
 * Whether a profile is for a channel: by its TargetDeviceType and PayloadScope, by Apple's schema for its payloads, and
 * by the rights of the enrollment. An unknown fact about the device is not an obstacle.
 * https://developer.apple.com/documentation/devicemanagement/toplevel
 *
 * Leaves to others: whether the profile itself is correct. A profile that fits only in part is installed, because devices
 * ignore the rest. The exception is a user enrollment on any platform except the Mac, which refuses the whole profile.
 */
export async function whyNotApplicable(dict: PlistDict, context: Context): Promise<string | undefined> {
  return (
    wrongDeviceType(dict.get("TargetDeviceType"), context) ??
    wrongScope(dict.get("PayloadScope"), context) ??
    (await notInstallable(context)) ??
    (await noPayloadFits(dict, context))
  );
}

const targets: readonly (readonly [number, string, readonly Context["platform"][]])[] = [
  [1, "iPhone and iPad", ["ios", "ipados"]],
  [2, "Apple Watch", ["watchos"]],
  [3, "HomePod", []],
  [4, "Apple TV", ["tvos"]],
  [5, "Mac", ["macos"]],
  [6, "Apple Vision Pro", ["visionos"]],
];

function wrongDeviceType(type: PlistValue | undefined, { platform }: Context): string | undefined {
  const target = targets.find(([number]) => number === type);
  if (target === undefined || platform === undefined || target[2].includes(platform)) return undefined;
  return `its TargetDeviceType is ${target[0]} (${target[1]}); the platform of the device is ${platform}`;
}

/** Only Macs and Shared iPads distinguish the system and its users. */
function wrongScope(scope: PlistValue | undefined, context: Context): string | undefined {
  const { channel, platform, sharedIpad } = context;
  if (typeof scope !== "string" || (platform !== "macos" && sharedIpad !== true)) return undefined;
  const wanted = scope === "User" ? "user" : "device";
  if (wanted === channel) return undefined;
  return `its PayloadScope is ${scope}: it belongs on ${wanted === "user" ? "a user channel" : "the device channel"}`;
}

/** A permanent obstacle on this device. */
const hard: readonly FindingCode[] = [
  "not-on-platform",
  "os-too-old",
  "removed",
  "needs-supervision",
  "needs-automated-enrollment",
  "needs-access-right",
  "wrong-channel",
  "wrong-enrollment",
  "shared-ipad",
];

async function notInstallable(context: Context): Promise<string | undefined> {
  const obstacle = await obstacleOf(await commandSpec("InstallProfile"), context);
  return obstacle && `the device takes no profiles: ${obstacle.detail}`;
}

async function noPayloadFits(dict: PlistDict, context: Context): Promise<string | undefined> {
  const { types, unfit } = await unfitPayloads(dict, context);
  const first = wholeRefused(unfit, context) ?? (unfit.length === types.length ? unfit[0] : undefined);
  return first && `${first.type}: ${first.detail}`;
}

/**
 * Why a device that a user enrolled takes nothing of a profile, whatever else is unknown of it. undefined: it takes it, at
 * least in part, or the enrollment is another one.
 */
export async function whyNotInUserEnrollment(dict: PlistDict, context: Context): Promise<string | undefined> {
  if (context.enrollmentKind !== "user") return undefined;
  const { types, unfit } = await unfitPayloads(dict, context);
  const forbidden = unfit.filter(({ code }) => code === "wrong-enrollment");
  const first =
    wholeRefused(unfit, context) ?? (forbidden.length === types.length ? forbidden[0] : undefined);
  return first && `${first.type}: ${first.detail}`;
}

type Unfit = Obstacle & { type: string };

async function unfitPayloads(
  dict: PlistDict,
  context: Context,
): Promise<{ types: string[]; unfit: Unfit[] }> {
  const content = dict.get("PayloadContent");
  const types = (Array.isArray(content) ? content : []).flatMap((payload) =>
    payload instanceof Map ? [String(payload.get("PayloadType"))] : [],
  );
  const found = await Promise.all(
    types.map(async (type) => ({ type, obstacle: await obstacleOf(await profileSpec(type), context) })),
  );
  return { types, unfit: found.flatMap(({ type, obstacle }) => (obstacle ? [{ type, ...obstacle }] : [])) };
}

/** One forbidden payload is enough, except on a Mac. */
const wholeRefused = (unfit: readonly Unfit[], { enrollmentKind, platform }: Context): Unfit | undefined =>
  enrollmentKind === "user" && platform !== "macos"
    ? unfit.find(({ code }) => code === "wrong-enrollment")
    : undefined;

type Spec = Awaited<ReturnType<typeof profileSpec>>;

/** Types that the schema does not know may be custom ones: they are allowed. */
async function obstacleOf(spec: Spec, context: Context): Promise<Obstacle | undefined> {
  const platform = platformOf(context);
  if (spec === undefined || platform === undefined) return undefined;
  const facts = spec.os[platform];
  if (!facts) return { code: "not-on-platform", detail: `it does not exist on ${platform}` };
  return obstacles(facts, facts, context, platform).find(({ code }) => hard.includes(code));
}
