/**
 * Does a thing work on this device? Each rule looks at one attribute of the schema and one fact of the context, and
 * says nothing when either is missing.
 */
import { accessRight } from "./access-rights.ts";
import type { Context } from "./context.ts";
import type { FindingCode } from "./finding.ts";
import type { Mode, OsFacts, OsTable, Platform } from "./spec.ts";
import { isAtLeast } from "./version.ts";

export type Obstacle = { code: FindingCode; detail: string };

type Rule = (facts: OsFacts, context: Context, platform: Platform) => Obstacle | undefined;

/** Apple's schema counts iPadOS as iOS. */
export const platformOf = ({ platform }: Context): Platform | undefined =>
  platform === "ipados" ? "ios" : platform;

/** `said` is what this place itself says; `facts` what holds here in all. Only what is said here is told here. */
export function obstacles(facts: OsFacts, said: OsFacts, context: Context, platform: Platform): Obstacle[] {
  return Object.keys(said)
    .map((attribute) => rules[attribute as keyof OsFacts]?.(facts, context, platform))
    .filter((obstacle) => obstacle !== undefined);
}

export const notOnPlatform = (platform: Platform): Obstacle => ({
  code: "not-on-platform",
  detail: `it does not exist on ${platform}`,
});

const rules: { [attribute in keyof OsFacts]?: Rule } = {
  introduced: ({ introduced }, { osVersion }, platform) =>
    introduced && osVersion && !isAtLeast(osVersion, introduced)
      ? { code: "os-too-old", detail: `the device has ${platform} ${osVersion}; it needs ${introduced}` }
      : undefined,
  deprecated: (facts, { osVersion }, platform) =>
    facts.deprecated && osVersion && isAtLeast(osVersion, facts.deprecated) && !isRemoved(facts, osVersion)
      ? { code: "deprecated", detail: `it is deprecated since ${platform} ${facts.deprecated}` }
      : undefined,
  removed: (facts, { osVersion }, platform) =>
    isRemoved(facts, osVersion)
      ? {
          code: "removed",
          detail:
            facts.removed === "0" ? "no system takes it" : `it is gone since ${platform} ${facts.removed}`,
        }
      : undefined,
  supervised: ({ supervised }, context) =>
    supervised && context.supervised === false
      ? { code: "needs-supervision", detail: "the device is not supervised; it needs supervision" }
      : undefined,
  requiresdep: ({ requiresdep }, { enrollmentKind }) =>
    requiresdep && enrollmentKind && enrollmentKind !== "ade"
      ? {
          code: "needs-automated-enrollment",
          detail: `the enrollment is of kind ${enrollmentKind}; it needs automated device enrollment`,
        }
      : undefined,
  accessrights: ({ accessrights }, { accessRights, enrollmentKind }) => {
    const right = accessRight(accessrights);
    // A user enrollment has a fixed set of rights, whatever its payload says.
    return right && accessRights !== undefined && enrollmentKind !== "user" && (accessRights & right) === 0
      ? {
          code: "needs-access-right",
          detail: `the enrollment has AccessRights ${accessRights}; it needs ${right} (${accessrights})`,
        }
      : undefined;
  },
  devicechannel: ({ devicechannel, sharedipad }, context) =>
    devicechannel === false && context.channel === "device" && !isSharedIpad(sharedipad, context)
      ? { code: "wrong-channel", detail: "it does not work on the device channel" }
      : undefined,
  userchannel: ({ userchannel, sharedipad }, context) =>
    userchannel === false && context.channel === "user" && !isSharedIpad(sharedipad, context)
      ? { code: "wrong-channel", detail: "it does not work on a user channel" }
      : undefined,
  sharedipad: ({ sharedipad }, context) => sharedIpadObstacle(sharedipad ?? {}, context),
  userenrollment: ({ userenrollment }, { enrollmentKind }) =>
    enrollmentKind && userEnrollmentObstacle(userenrollment?.mode, enrollmentKind),
  "allowed-enrollments": (facts, context) => {
    const kinds = enrollmentNames(context);
    const allowed = facts["allowed-enrollments"];
    return allowed && kinds.length > 0 && !kinds.some((kind) => allowed.includes(kind))
      ? {
          code: "wrong-enrollment",
          detail: `the enrollment counts as ${kinds.join(" or ")}; it works in ${allowed.join(", ")}`,
        }
      : undefined;
  },
  "allowed-scopes": (facts, context) =>
    context.sharedIpad === true && facts.sharedipad?.["allowed-scopes"]
      ? undefined
      : scopeObstacle(facts["allowed-scopes"], context),
};

export function isRemoved({ removed }: OsFacts, osVersion: string | undefined): boolean {
  if (!removed) return false;
  return removed === "0" || (osVersion !== undefined && isAtLeast(osVersion, removed));
}

const isSharedIpad = (sharedipad: OsFacts["sharedipad"], context: Context): boolean =>
  context.sharedIpad === true && sharedipad !== undefined;

function sharedIpadObstacle(
  facts: NonNullable<OsFacts["sharedipad"]>,
  context: Context,
): Obstacle | undefined {
  const { sharedIpad, channel } = context;
  if (facts.mode === "required" && sharedIpad === false)
    return { code: "shared-ipad", detail: "it works only on a Shared iPad" };
  if (sharedIpad !== true) return undefined;
  if (facts.mode === "forbidden") return { code: "shared-ipad", detail: "it does not work on a Shared iPad" };
  if (facts.mode === "ignored") return { code: "ignored-here", detail: "a Shared iPad ignores it" };
  if (channel && facts[channel === "device" ? "devicechannel" : "userchannel"] === false)
    return { code: "wrong-channel", detail: `on a Shared iPad it does not work on the ${channel} channel` };
  return scopeObstacle(facts["allowed-scopes"], context);
}

function userEnrollmentObstacle(mode: Mode | undefined, kind: string): Obstacle | undefined {
  if (mode === "required" && kind !== "user")
    return { code: "wrong-enrollment", detail: "it works in a user enrollment only" };
  if (mode === "forbidden" && kind === "user")
    return { code: "wrong-enrollment", detail: "it does not work in a user enrollment" };
  if (mode === "ignored" && kind === "user")
    return { code: "ignored-here", detail: "a user enrollment ignores it" };
  return undefined;
}

function scopeObstacle(scopes: readonly string[] | undefined, { channel }: Context): Obstacle | undefined {
  if (!scopes || !channel || scopes.includes(channel === "device" ? "system" : "user")) return undefined;
  const works = scopes.length > 0 ? `it works in scope ${scopes.join(", ")}` : "it works in no scope";
  return { code: "wrong-channel", detail: `the ${channel} channel is not enough; ${works}` };
}

/** What declarative management may call this enrollment; both names while supervision is unknown. */
function enrollmentNames({ enrollmentKind, supervised }: Context): string[] {
  if (enrollmentKind === "user") return ["user"];
  if (supervised === true) return ["supervised"];
  if (!enrollmentKind) return [];
  return supervised === false ? ["device"] : ["supervised", "device"];
}

/**
 * May this required key be missing? Yes where it does not exist, and also where what decides that is not known: a key
 * that only some platforms or enrollments have is demanded of a device that is known to be one of them. An unknown
 * version counts as a current one.
 */
export function isDemanded(entry: OsTable, key: OsTable | undefined, context: Context): boolean {
  if (!key) return true;
  const platform = platformOf(context);
  const candidates = platform
    ? [platform]
    : (Object.keys(entry) as Platform[]).filter((candidate) => entry[candidate]);
  return candidates.every((candidate) => {
    const own = key[candidate];
    return own === undefined || (own !== null && isSurelyThere(own, context));
  });
}

function isSurelyThere(own: OsFacts, context: Context): boolean {
  const { osVersion, supervised, enrollmentKind, sharedIpad } = context;
  if (own.introduced && osVersion && !isAtLeast(osVersion, own.introduced)) return false;
  if (own.removed && (!osVersion || isRemoved(own, osVersion))) return false;
  if (own.supervised && supervised !== true) return false;
  return (
    holds(own.userenrollment?.mode, enrollmentKind && enrollmentKind === "user") &&
    holds(own.sharedipad?.mode, sharedIpad)
  );
}

function holds(mode: Mode | undefined, isSo: boolean | undefined): boolean {
  if (mode === "required") return isSo === true;
  return mode === undefined || mode === "allowed" || isSo === false;
}
