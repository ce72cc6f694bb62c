import { findDevices } from "../db/devices.ts";
import type { Db } from "../db/open.ts";
import { platformsOfUserEnrolled, platformsReached } from "../db/platforms-reached.ts";
import { idleConfigurations, looseReferences, setsOfNobody } from "../db/sets.ts";
import { keptFromUsers } from "./kept-from-users.ts";
import { misfitsOn } from "./misfits.ts";

/** Warnings for what is allowed but has no effect. They are given at once, because no device will ever report it. */
export type SetWarning = {
  code: "loose-reference" | "not-activated" | "nobody" | "not-for-user-enrollments" | "not-for-platform";
  detail: string;
};

/** Warnings for a channel with all these sets. */
export async function warningsOf(db: Db, setNames: readonly string[]): Promise<SetWarning[]> {
  if (setNames.length === 0) return [];
  const [loose, idle] = await Promise.all([looseReferences(db, setNames), idleConfigurations(db, setNames)]);
  return [
    ...loose.map(({ identifier, refersTo }) => ({
      code: "loose-reference" as const,
      detail: `${identifier} refers to ${refersTo}, which is not in these sets: add that too, or it has no effect`,
    })),
    ...idle.map((identifier) => ({
      code: "not-activated" as const,
      detail: `no activation here names the configuration ${identifier}, so it has no effect: add one, or let the set activate it ("activate": true)`,
    })),
  ];
}

export const nobodyHas = (names: readonly string[]): SetWarning => ({
  code: "nobody",
  detail: `nobody has the set ${names.join(", ")}: it has no filter and was not given to a channel, so this reaches no device`,
});

/** Warnings for one set alone. */
export async function warningsOfSet(env: Env, db: Db, name: string): Promise<SetWarning[]> {
  const [warnings, nobody, kept, misfits] = await Promise.all([
    warningsOf(db, [name]),
    setsOfNobody(db, [name]),
    platformsOfUserEnrolled(db, [name]).then((platforms) => keptFromUsers(env, db, [name], platforms)),
    misfitsOfSets(db, [name]),
  ]);
  return [
    ...warnings,
    ...kept.map(notForUsers),
    ...misfits.map(({ detail }) => notForPlatform(detail)),
    ...(nobody.length > 0 ? [nobodyHas(nobody)] : []),
  ];
}

/** Warnings for one device with all these sets on one of its channels. */
export async function warningsForDevice(
  env: Env,
  db: Db,
  deviceId: string,
  setNames: readonly string[],
): Promise<SetWarning[]> {
  const [[device], warnings] = await Promise.all([findDevices(db, [deviceId]), warningsOf(db, setNames)]);
  const { platform, productName, kind } = device ?? {};
  if (!platform) return warnings;
  const [kept, misfits] = await Promise.all([
    kind === "user" ? keptFromUsers(env, db, setNames, [platform]) : [],
    misfitsOn(db, setNames, [{ platform, productName: productName ?? undefined }]),
  ]);
  return [...warnings, ...kept.map(notForUsers), ...misfits.map(({ detail }) => notForPlatform(detail))];
}

/** Of devices that have these sets, or that their filters may match. */
export async function misfitsOfSets(db: Db, setNames: readonly string[]) {
  const platforms = await platformsReached(db, setNames);
  return misfitsOn(
    db,
    setNames,
    platforms.map((platform) => ({ platform })),
  );
}

export const notForPlatform = (detail: string): SetWarning => ({ code: "not-for-platform", detail });

const notForUsers = (detail: string): SetWarning => ({ code: "not-for-user-enrollments", detail });
