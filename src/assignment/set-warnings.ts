import { findDevices } from "../db/devices.ts";
import type { Db } from "../db/open.ts";
import { idleConfigurations, looseReferences, setsOfNobody } from "../db/sets.ts";
import { platformsOfUserEnrolled } from "../db/user-enrolled.ts";
import { keptFromUsers } from "./kept-from-users.ts";

/** Warnings for what is allowed but has no effect. They are given at once, because no device will ever report it. */
export type SetWarning = {
  code: "loose-reference" | "not-activated" | "nobody" | "not-for-user-enrollments";
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
  const [warnings, nobody, kept] = await Promise.all([
    warningsOf(db, [name]),
    setsOfNobody(db, [name]),
    platformsOfUserEnrolled(db, [name]).then((platforms) => keptFromUsers(env, db, [name], platforms)),
  ]);
  return [...warnings, ...kept.map(notForUsers), ...(nobody.length > 0 ? [nobodyHas(nobody)] : [])];
}

/** Warnings for one device with all these sets on one of its channels. */
export async function warningsForDevice(
  env: Env,
  db: Db,
  deviceId: string,
  setNames: readonly string[],
): Promise<SetWarning[]> {
  const [[device], warnings] = await Promise.all([findDevices(db, [deviceId]), warningsOf(db, setNames)]);
  if (device?.kind !== "user" || device.platform === null) return warnings;
  const kept = await keptFromUsers(env, db, setNames, [device.platform]);
  return [...warnings, ...kept.map(notForUsers)];
}

const notForUsers = (detail: string): SetWarning => ({ code: "not-for-user-enrollments", detail });
