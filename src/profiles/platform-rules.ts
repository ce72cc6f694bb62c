import { profileSpec } from "../catalog/lookup.ts";
import { type OsFacts, type OsTable, type Platform, platforms } from "../catalog/spec.ts";
import type { PlistDict } from "../plist/value.ts";
import { type ProfileFinding, rule } from "./findings.ts";
import { type Payload, payloadsOf } from "./payloads.ts";

/**
 * Payloads that no single device takes together: each has its platforms, and on a Mac its channel. The catalogue has the
 * rules about one payload on one device.
 */
type Known = Payload & { os: OsTable };

export async function platformFindings(profile: PlistDict): Promise<ProfileFinding[]> {
  const known: Known[] = [];
  for (const payload of payloadsOf(profile)) {
    const spec = await profileSpec(payload.type);
    // The schema says nothing about a type without any platform.
    if (spec && platforms.some((platform) => spec.os[platform])) known.push({ ...payload, os: spec.os });
  }
  const targeted = targetFindings(profile, known);
  if (targeted.length > 0) return targeted;
  const shared = platforms.filter((platform) => known.every(({ os }) => os[platform]));
  if (shared.length === 0) return conflictFindings(known);
  return shared.every((platform) => platform === "macos") ? scopeFindings(profile, known) : [];
}

/** TargetDeviceType; the schema does not say what a HomePod (3) takes. */
const targets: { readonly [type: number]: Platform } = {
  1: "ios",
  2: "watchos",
  4: "tvos",
  5: "macos",
  6: "visionos",
};

function targetFindings(profile: PlistDict, known: readonly Known[]): ProfileFinding[] {
  const target = targets[Number(profile.get("TargetDeviceType"))];
  if (!target) return [];
  return known
    .filter(({ os }) => !os[target])
    .map(({ type, pointer }) =>
      rule("target-conflict", pointer, `${type} does not exist on ${target}, which is the TargetDeviceType`),
    );
}

/** Names the first payload that has no platform in common with those before it. */
function conflictFindings(known: readonly Known[]): ProfileFinding[] {
  let left: readonly Platform[] = platforms;
  for (const { os, type, pointer } of known) {
    const next = left.filter((platform) => os[platform]);
    if (next.length === 0)
      return [
        rule("platform-conflict", pointer, `${type} does not exist on ${left.join(", ")}, unlike the others`),
      ];
    left = next;
  }
  return [];
}

/** PayloadScope decides the channel of a Mac; without it, the channel of the delivery does. */
function scopeFindings(profile: PlistDict, known: readonly Known[]): ProfileFinding[] {
  const only = (facts: OsFacts | null | undefined): "System" | "User" | undefined => {
    if (facts?.devicechannel === true && facts.userchannel === false) return "System";
    return facts?.devicechannel === false && facts.userchannel === true ? "User" : undefined;
  };
  const bound = known.flatMap((payload) => {
    const scope = only(payload.os.macos);
    return scope ? [{ ...payload, scope }] : [];
  });
  const scope = profile.get("PayloadScope") ?? bound[0]?.scope;
  return bound
    .filter((payload) => payload.scope !== scope)
    .map((payload) =>
      rule(
        "scope-conflict",
        payload.pointer,
        `${payload.type} is for ${payload.scope}, not ${String(scope)}`,
      ),
    );
}
