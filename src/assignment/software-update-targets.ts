import type { Db } from "../db/open.ts";
import { type SignedSystemRow, systemsOf } from "../db/signed-systems.ts";
import { newestRelease, type PolicyRow } from "../db/software-updates.ts";
import {
  type Audience,
  type Enforcement,
  enforcementOfLatest,
  enforcementOfVersion,
  everyone,
  type UpdatePlatform,
  type UpdateTarget,
  updatePlatforms,
} from "../declarations/software-update.ts";
import { versionKey } from "../mdm/platform.ts";
import { type Latest, pickLatest } from "../systems/latest.ts";
import { isGone } from "../systems/reconcile.ts";

/** What some devices of a platform are to have. */
export type Target = {
  platform: UpdatePlatform;
  audience: Audience;
  /** Undefined: no release of the platform is known, or Apple does not sign the version any more. */
  enforcement: Enforcement | undefined;
  /** Apple took the version from its list: a declaration of it would do nothing. */
  withdrawn: boolean;
};

/** What a policy comes to, platform by platform, the newest system first. */
export async function targetsOf(
  db: Db,
  { platforms, target }: Pick<PolicyRow, "platforms" | "target">,
  now: number,
): Promise<Target[]> {
  const meant = updatePlatforms.filter((platform) => platforms.includes(platform));
  const each = await Promise.all(
    meant.map((platform) => targetsOfPlatform(db, platform, target as UpdateTarget, now)),
  );
  return each.flat();
}

export async function targetsOfPlatform(
  db: Db,
  platform: UpdatePlatform,
  target: UpdateTarget,
  now: number,
): Promise<Target[]> {
  const systems = await systemsOf(db, [platform]);
  if (target.kind === "version") {
    const withdrawn = isWithdrawn(systems, target, now);
    const enforcement = withdrawn ? undefined : enforcementOfVersion(target);
    return [{ platform, audience: everyone, enforcement, withdrawn }];
  }
  const latest = pickLatest(systems, await newestRelease(db, platform), now);
  if (latest.length === 0)
    return [{ platform, audience: everyone, enforcement: undefined, withdrawn: false }];
  return audiencesOf(platform, latest).map(({ system, audience }) => ({
    platform,
    audience,
    enforcement: enforcementOfLatest(target, system),
    withdrawn: false,
  }));
}

/** Of a version that Apple never listed nothing is known: a declaration of it waits until it is there. */
function isWithdrawn(
  systems: readonly SignedSystemRow[],
  { version: named, build }: UpdateTarget & { kind: "version" },
  now: number,
): boolean {
  const [version, supplement = ""] = named.split(" ");
  const ofVersion = systems.filter((row) => row.version === version && row.supplement === supplement);
  const ofBuild = ofVersion.filter((row) => row.build === build);
  const rows = ofBuild.length > 0 ? ofBuild : ofVersion;
  return rows.length > 0 && rows.every((row) => isGone(row, now));
}

/** The first systems that know such declarations: older ones need none, and never make a list longer. */
const firstEnforced: Record<UpdatePlatform, string> = {
  ios: "17",
  ipados: "17",
  macos: "14",
  tvos: "18.4",
  visionos: "26",
};

export function audiencesOf(
  platform: UpdatePlatform,
  latest: readonly Latest[],
): { system: Latest; audience: Audience }[] {
  const from = versionKey(firstEnforced[platform]) ?? 0;
  const [newest, ...others] = latest;
  if (newest === undefined) return [];
  const older = others.filter((one) => one.models !== null && one.versionKey >= from);
  const except = older.flatMap(({ models }) => models ?? []).sort();
  const suffixes = suffixesOf(older);
  return [
    { system: newest, audience: { suffix: "", except } },
    ...older.map((system, index) => ({
      system,
      audience: { suffix: suffixes[index] ?? "", only: system.models ?? [] },
    })),
  ];
}

/** By their main number, which stays when a newer one of it comes; of one number, the older ones get a letter. */
function suffixesOf(older: readonly Latest[]): string[] {
  const counts = new Map<string, number>();
  return older.map(({ version }) => {
    const major = version.split(".")[0] ?? "";
    const before = counts.get(major) ?? 0;
    counts.set(major, before + 1);
    return `.${major}${before === 0 ? "" : String.fromCharCode(97 + Math.min(before, 25))}`;
  });
}

/** The target of one device: by its model where its platform has several. */
export function targetFor(
  targets: readonly Target[],
  platform: string | null,
  models: readonly string[],
): Target | undefined {
  const ofPlatform = targets.filter((target) => target.platform === platform);
  const named = ofPlatform.find(({ audience }) => audience.only?.some((model) => models.includes(model)));
  return named ?? ofPlatform.find(({ audience }) => audience.only === undefined);
}
