import { minute, second } from "../base/time.ts";
import { type AppLicence, freeOfApps, isUsedElsewhere, wantForApps } from "../db/app-licences.ts";
import { setLocation } from "../db/content-locations.ts";
import { putUser } from "../db/content-users.ts";
import { applyTogether, type Statement } from "../db/directory.ts";
import { openDb } from "../db/open.ts";
import { openLocation } from "./object.ts";

/** What devices want for the apps that they should have, and give back when an app is gone. */
export type AppLicenceWish = AppLicence & {
  app: string;
  /** A person whom the location does not have yet. */
  newUser?: { clientUserId: string; managedAppleId: string } | undefined;
};

/** Devices look one after the other at what they should have: so long it takes until many have. */
const gatherMs = 10 * second;
const leastMs = 3 * second;

/** Moments that devices have in common, so that what many want goes to Apple in one order. */
const commonMoment = (now: number): number => Math.ceil((now + leastMs) / gatherMs) * gatherMs;

export async function wantLicencesForApps(
  env: Env,
  wishes: readonly AppLicenceWish[],
  now: number,
): Promise<void> {
  if (wishes.length === 0) return;
  const db = openDb(env.DB);
  const dueAt = commonMoment(now);
  const people = wishes.flatMap(({ location, newUser }) =>
    newUser ? [putUser(db, location, newUser, now)] : [],
  );
  await applyTogether(db, [...people, wantForApps(db, wishes, { now, dueAt })]);
  for (const location of new Set(wishes.map((wish) => wish.location)))
    await openLocation(env, location).wakeBy(dueAt);
}

/**
 * These apps are gone from a device; all at once, so that they share an order. A licence of a person stays while another
 * device of that person has the app.
 */
export async function freeLicencesOfApps(
  env: Env,
  deviceId: string,
  gone: readonly { app: string; licence: AppLicence }[],
  now: number,
): Promise<void> {
  if (gone.length === 0) return;
  const db = openDb(env.DB);
  const dueAt = commonMoment(now);
  const statements: Statement[] = [];
  const locations = new Set<string>();
  for (const { app, licence } of gone) {
    if (licence.holder.kind === "user" && (await isUsedElsewhere(db, app, deviceId))) continue;
    statements.push(...freeOfApps(db, licence, { now, dueAt }));
    locations.add(licence.location);
  }
  if (statements.length === 0) return;
  await applyTogether(db, statements);
  for (const location of locations) await openLocation(env, location).wakeBy(dueAt);
}

/** A device says that Apple has no licence for it, and this server thinks otherwise: Apple's list decides. */
export async function doubtLicence(env: Env, { location }: AppLicence, now: number): Promise<void> {
  const db = openDb(env.DB);
  const statements: Statement[] = [setLocation(db, location, { assignmentsDueAt: now, fullDueAt: now })];
  await applyTogether(db, statements);
  await openLocation(env, location).wakeBy(now + minute);
}
