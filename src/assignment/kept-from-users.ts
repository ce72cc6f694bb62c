import type { Finding } from "../catalog/finding.ts";
import { findDeclarations } from "../db/declarations.ts";
import type { Db } from "../db/open.ts";
import { findProfile } from "../db/profiles.ts";
import { membersOf } from "../db/sets.ts";
import { dictOf, openContent } from "../library/profile-content.ts";
import {
  type Content,
  forbiddenDeclarations,
  forbiddenOn,
  type OwnersPlatform,
  whyProfileForbidden,
} from "../library/user-enrollment.ts";

/** How many contents one answer opens; what is left out is told by the device's own state. */
const mostDeclarations = 200;
const mostProfiles = 20;

/** What devices that their users enrolled, on these platforms, do not get of these sets: in words, for each item. */
export async function keptFromUsers(
  env: Env,
  db: Db,
  setNames: readonly string[],
  platforms: readonly OwnersPlatform[],
): Promise<string[]> {
  if (platforms.length === 0) return [];
  const members = await membersOf(db, setNames);
  const named = (kind: "profile" | "declaration", most: number) =>
    [...new Set(members.filter((one) => one.kind === kind).map(({ identifier }) => identifier))].slice(
      0,
      most,
    );
  const [declarations, profiles] = await Promise.all([
    findDeclarations(db, named("declaration", mostDeclarations)),
    Promise.all(named("profile", mostProfiles).map((identifier) => findProfile(db, identifier))),
  ]);
  const kept: string[] = [];
  for (const platform of platforms)
    for (const [identifier, why] of await forbiddenDeclarations(declarations, [], platform))
      kept.push(`${identifier} is withheld from user enrollments (${platform}): ${why}`);
  for (const { identifier, type, payload } of declarations)
    kept.push(...inPart(identifier, await forbiddenOn(platforms, { type, payload })));
  for (const row of profiles) {
    if (row === undefined) continue;
    for (const platform of platforms) {
      const why = await whyProfileForbidden(row.payloadTypes, platform);
      if (why !== undefined)
        kept.push(`${row.identifier} is not installed in user enrollments (${platform}): ${why}`);
    }
    const content: Content = { profile: dictOf(await openContent(env, row)) };
    kept.push(...inPart(row.identifier, await forbiddenOn(platforms, content)));
  }
  return kept;
}

/** Keys alone: what is forbidden as a whole is told before. */
function inPart(identifier: string, findings: readonly Finding[]): string[] {
  const parts = findings.filter(({ pointer }) => !/^(\/PayloadContent\/\d+)?$/.test(pointer));
  const [first] = parts;
  if (first === undefined) return [];
  const listed = parts.slice(0, mostNamed).map(({ pointer }) => pointer);
  const more = parts.length > mostNamed ? ` and ${parts.length - mostNamed} more` : "";
  return [`${identifier}: ${first.detail}: ${listed.join(", ")}${more}`];
}

const mostNamed = 10;
