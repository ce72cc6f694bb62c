import { obstacles, platformOf } from "../catalog/availability.ts";
import { checkDeclaration, checkProfile } from "../catalog/check.ts";
import type { Context } from "../catalog/context.ts";
import type { Finding } from "../catalog/finding.ts";
import { declarationSpec, profileSpec } from "../catalog/lookup.ts";
import type { Db } from "../db/open.ts";
import { platformsOfUserEnrolled } from "../db/platforms-reached.ts";
import { referencesIn } from "../declarations/references.ts";
import type { Payload } from "../declarations/server-filled.ts";
import type { PlistDict } from "../plist/value.ts";

/**
 * What the devices that people enrolled as their own do not get of the library: Apple lets an organization do only a part
 * there. The schema says for each payload, declaration and key whether it works in a user enrollment.
 *
 * A declaration of a forbidden type is withheld, and so is what cannot work without it. A forbidden key alone withholds
 * nothing, because devices are known to ignore such keys; their author is warned.
 */
export type OwnersPlatform = Context["platform"] & string;

const ownedBy = (platform: OwnersPlatform): Context => ({ platform, enrollmentKind: "user" });

/** Why such devices get nothing of this type; undefined: they do, or the catalogue does not know it. */
export async function whyForbidden(
  kind: "declaration" | "payload",
  type: string,
  platform: OwnersPlatform,
): Promise<string | undefined> {
  const spec = await (kind === "declaration" ? declarationSpec : profileSpec)(type);
  const known = platformOf({ platform });
  const facts = known && spec?.os[known];
  if (!known || !facts) return undefined;
  const found = obstacles(facts, facts, ownedBy(platform), known);
  return found.find(({ code }) => code === "wrong-enrollment") && `user enrollments do not get ${type}`;
}

type Declared = { identifier: string; type: string; payload: Record<string, unknown> };
type Wrapped = { identifier: string; payloadTypes: readonly string[] };

/** Longer chains than asset, configuration, activation do not exist. */
const longestChain = 3;

/** Which of these declarations such a device does not get, and why. */
export async function forbiddenDeclarations(
  declarations: readonly Declared[],
  profiles: readonly Wrapped[],
  platform: OwnersPlatform,
): Promise<Map<string, string>> {
  const profileReasons = new Map<string, string>();
  for (const { identifier, payloadTypes } of profiles) {
    const why = await whyProfileForbidden(payloadTypes, platform);
    if (why !== undefined) profileReasons.set(identifier, why);
  }
  const reasons = new Map<string, string>();
  for (const { identifier, type } of declarations) {
    const why = await whyForbidden("declaration", type, platform);
    if (why !== undefined) reasons.set(identifier, why);
  }
  const references = await Promise.all(
    declarations.map(async ({ identifier, type, payload }) => ({
      identifier,
      to: await referencesIn(type, payload as Payload),
    })),
  );
  for (let round = 0; round < longestChain; round += 1) {
    for (const { identifier, to } of references) {
      if (reasons.has(identifier)) continue;
      const missing = to.find(({ kind, identifier: named }) =>
        (kind === "profile" ? profileReasons : reasons).has(named),
      );
      if (missing === undefined) continue;
      const why = (missing.kind === "profile" ? profileReasons : reasons).get(missing.identifier);
      reasons.set(identifier, `it needs ${missing.identifier}: ${why}`);
    }
  }
  return reasons;
}

/** One forbidden payload is enough, except on a Mac, which ignores it. */
export async function whyProfileForbidden(
  types: readonly string[],
  platform: OwnersPlatform,
): Promise<string | undefined> {
  const found = await Promise.all(types.map((type) => whyForbidden("payload", type, platform)));
  const forbidden = found.filter((why) => why !== undefined);
  return platform !== "macos" || forbidden.length === types.length ? forbidden[0] : undefined;
}

/** What a profile or a declaration says that such devices do not take. */
export type Content = { profile: PlistDict } | { type: string; payload: unknown };

async function forbiddenParts(content: Content, platform: OwnersPlatform): Promise<Finding[]> {
  const context = ownedBy(platform);
  const found =
    "profile" in content
      ? await checkProfile(content.profile, context)
      : await checkDeclaration(content.type, content.payload, context);
  return found.filter(({ code }) => code === "wrong-enrollment");
}

/** The same for all platforms of the user enrollments that one of these sets reaches: once for each place. */
export async function partsKeptFromUsers(
  db: Db,
  setNames: readonly string[],
  content: Content,
): Promise<Finding[]> {
  return forbiddenOn(await platformsOfUserEnrolled(db, setNames), content);
}

export async function forbiddenOn(
  platforms: readonly OwnersPlatform[],
  content: Content,
): Promise<Finding[]> {
  const found: { finding: Finding; platform: OwnersPlatform }[] = [];
  for (const platform of platforms)
    for (const finding of await forbiddenParts(content, platform)) found.push({ finding, platform });
  return [...Map.groupBy(found, ({ finding }) => finding.pointer).values()].map((same) => ({
    ...(same[0] as (typeof found)[number]).finding,
    detail: `devices that their users enrolled do not get this (${same.map(({ platform }) => platform).join(", ")})`,
  }));
}
