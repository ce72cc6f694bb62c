import { structureSpec } from "../catalog/lookup.ts";
import { nearMiss } from "../catalog/near-miss.ts";
import type { OsFacts, OsTable, Platform } from "../catalog/spec.ts";
import { isAtLeast } from "../catalog/version.ts";
import type { ProfileFinding } from "./profile-findings.ts";

/**
 * `skip_setup_items`: which panes of Setup Assistant can be left out, by platform and version.
 * https://developer.apple.com/documentation/devicemanagement/skipkeys
 *
 * The surprise: a name that a system does not know does no harm there, so nothing about them is an error.
 */
export type SkipItems = ReadonlyMap<string, SkipFacts>;
type SkipFacts = { [platform in SkipPlatform]?: Pick<OsFacts, "introduced" | "deprecated" | "removed"> };
export type SkipPlatform = Exclude<Platform, "watchos">;

export type SkipTarget = { platform: SkipPlatform; osVersion?: string };

const platforms: readonly SkipPlatform[] = ["ios", "macos", "tvos", "visionos"];

/** On Apple's page, and not in the release of its schema that the catalogue is made from; goes when a newer one has it. */
const documentedSince: Readonly<Record<string, SkipFacts>> = {
  AccessibilityAppearance: { ios: { introduced: "17.0" } },
  LiquidGlass: { ios: { introduced: "27.0" }, macos: { introduced: "27.0" } },
  OSShowcase: { macos: { introduced: "26.1" } },
  UpdateCompleted: { macos: { introduced: "26.1" } },
  WebContentFiltering: { ios: { introduced: "18.2", removed: "26.1" } },
};

export async function loadSkipItems(): Promise<SkipItems> {
  const spec = await structureSpec("SkipKeys");
  if (!spec) throw new Error("the catalogue has no skip keys: run npm run catalog");
  const items = new Map(spec.keys.map(({ name, os }) => [name, factsOf(spec.os, os ?? {})]));
  for (const [name, facts] of Object.entries(documentedSince))
    items.set(name, { ...items.get(name), ...facts });
  return items;
}

/** What the key says, attribute by attribute, over what the whole entry says; null is nowhere. */
const factsOf = (all: OsTable, own: OsTable): SkipFacts =>
  Object.fromEntries(
    platforms
      .filter((platform) => all[platform] && own[platform] !== null)
      .map((platform) => [platform, { ...all[platform], ...own[platform] }]),
  );

const mostItems = 200;

export function checkSkipItems(
  items: unknown,
  known: SkipItems,
  targets: readonly SkipTarget[],
): ProfileFinding[] {
  if (!Array.isArray(items)) return [];
  return items
    .slice(0, mostItems)
    .flatMap((item: unknown, at) =>
      typeof item === "string" ? checkItem(item, `/skip_setup_items/${at}`, known, targets) : [],
    );
}

function checkItem(
  item: string,
  pointer: string,
  known: SkipItems,
  targets: readonly SkipTarget[],
): ProfileFinding[] {
  const facts = known.get(item);
  if (!facts) {
    const near = nearMiss(item, known.keys());
    return [
      { pointer, code: "skip-item-unknown", detail: near ? `no such item; is it ${near}?` : "no such item" },
    ];
  }
  if (targets.length === 0) return [];
  // For several systems an item is fine when it does something on one of them.
  const findings = targets.map((target) => obstacleAt(facts, target));
  return findings.includes(undefined)
    ? []
    : [{ pointer, ...(findings[0] as Omit<ProfileFinding, "pointer">) }];
}

function obstacleAt(
  facts: SkipFacts,
  { platform, osVersion }: SkipTarget,
): Omit<ProfileFinding, "pointer"> | undefined {
  const own = facts[platform];
  if (!own) return { code: "skip-item-elsewhere", detail: `it does nothing on ${platform}` };
  const { introduced, deprecated, removed } = own;
  const has = (version: string | undefined): version is string =>
    version !== undefined && osVersion !== undefined && isAtLeast(osVersion, version);
  if (introduced && osVersion && !isAtLeast(osVersion, introduced))
    return { code: "skip-item-too-new", detail: `it needs ${platform} ${introduced}` };
  if (has(removed)) return { code: "skip-item-retired", detail: `it is gone since ${platform} ${removed}` };
  if (has(deprecated))
    return { code: "skip-item-retired", detail: `it does nothing since ${platform} ${deprecated}` };
  return undefined;
}
