import { and, asc, desc, eq, gt, inArray, sql } from "drizzle-orm";
import { among } from "./batch.ts";
import type { Statement } from "./directory.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { devices } from "./schema/devices.ts";
import { signedSystems } from "./schema/signed-systems.ts";
import { osReleases, softwareUpdatePolicies as policies } from "./schema/software-updates.ts";
import { declarationStates, statusValues } from "./schema/states.ts";

export type PolicyRow = typeof policies.$inferSelect;
export type ReleaseRow = typeof osReleases.$inferSelect;
export type Platform = NonNullable<typeof devices.$inferSelect.platform>;

/** The visible ones, by name. */
export const listPolicies = (db: Db, limit: number, after = ""): Promise<PolicyRow[]> =>
  read(() =>
    db
      .select()
      .from(policies)
      .where(and(gt(policies.name, after), eq(policies.removed, false)))
      .orderBy(asc(policies.name))
      .limit(limit),
  );

/** The next one by name, also one that is being removed. */
export const nextPolicy = (db: Db, after: string): Promise<PolicyRow | undefined> =>
  read(() =>
    db.select().from(policies).where(gt(policies.name, after)).orderBy(asc(policies.name)).limit(1).get(),
  );

export const findPolicy = (db: Db, name: string): Promise<PolicyRow | undefined> =>
  read(() => db.select().from(policies).where(eq(policies.name, name)).get());

export const putPolicy = (db: Db, row: PolicyRow): Statement => {
  const { name, createdAt: _, ...rest } = row;
  return db.insert(policies).values(row).onConflictDoUpdate({ target: policies.name, set: rest });
};

/** False: there was none. */
export async function markPolicyRemoved(db: Db, name: string, now: number): Promise<boolean> {
  const rows = await db
    .update(policies)
    .set({ removed: true, updatedAt: now })
    .where(and(eq(policies.name, name), eq(policies.removed, false)))
    .returning({ name: policies.name });
  return rows.length > 0;
}

/** Only if it was not created again in the meantime. */
export async function dropRemovedPolicy(db: Db, name: string): Promise<void> {
  await db.delete(policies).where(and(eq(policies.name, name), eq(policies.removed, true)));
}

/** Newest first, platform by platform. */
export const listReleases = (
  db: Db,
  limit: number,
  after: readonly [platform: string, versionKey: number] | undefined,
): Promise<ReleaseRow[]> =>
  read(() =>
    db
      .select()
      .from(osReleases)
      .where(
        after &&
          sql`${osReleases.platform} > ${after[0]} OR (${osReleases.platform} = ${after[0]} AND ${osReleases.versionKey} < ${after[1]})`,
      )
      .orderBy(asc(osReleases.platform), desc(osReleases.versionKey))
      .limit(limit),
  );

export const newestRelease = (db: Db, platform: string): Promise<ReleaseRow | undefined> =>
  read(() =>
    db
      .select()
      .from(osReleases)
      .where(eq(osReleases.platform, platform))
      .orderBy(desc(osReleases.versionKey))
      .limit(1)
      .get(),
  );

/** An entered time takes precedence over a seen one. */
export async function putRelease(db: Db, row: ReleaseRow): Promise<void> {
  const { versionKey, releasedAt, source } = row;
  const insert = db.insert(osReleases).values(row);
  await (source === "seen"
    ? insert.onConflictDoNothing()
    : insert.onConflictDoUpdate({
        target: [osReleases.platform, osReleases.version],
        set: { versionKey, releasedAt, source },
      }));
}

export const findRelease = (db: Db, platform: string, version: string): Promise<ReleaseRow | undefined> =>
  read(() =>
    db
      .select()
      .from(osReleases)
      .where(and(eq(osReleases.platform, platform), eq(osReleases.version, version)))
      .get(),
  );

export async function deleteRelease(db: Db, platform: string, version: string): Promise<boolean> {
  const gone = await db
    .delete(osReleases)
    .where(and(eq(osReleases.platform, platform), eq(osReleases.version, version)))
    .returning({ version: osReleases.version });
  return gone.length > 0;
}

/** Whether Apple lists this version for one of these platforms, somebody said that it is out, or a device has it. */
export async function isVersionKnown(
  db: Db,
  platforms: readonly Platform[],
  version: string,
  key: number | undefined,
): Promise<boolean> {
  const named = sql`(SELECT value FROM json_each(${JSON.stringify(platforms)}))`;
  const [row] = await read(() =>
    db.all<{ known: number }>(sql`SELECT
      EXISTS (SELECT 1 FROM ${osReleases} WHERE platform IN ${named} AND version = ${version})
      OR EXISTS (SELECT 1 FROM ${signedSystems} WHERE platform IN ${named} AND version = ${version})
      OR EXISTS (SELECT 1 FROM ${devices} WHERE platform IN ${named} AND os_key = ${key ?? 0} AND os_version = ${version})
      AS known`),
  );
  return row?.known === 1;
}

const mostLookedAt = 1_000;

/**
 * The newest version that a device of this platform has. Builds that end in a small letter are betas and do not count as
 * releases.
 */
export async function newestSeen(
  db: Db,
  platform: Platform,
): Promise<{ version: string; versionKey: number } | undefined> {
  const rows = await read(() =>
    db.all<{ version: string; versionKey: number }>(sql`
      SELECT version, versionKey FROM (
        SELECT os_version AS version, os_key AS versionKey, build FROM ${devices}
        WHERE platform = ${platform} AND os_key > 0 ORDER BY os_key DESC LIMIT ${mostLookedAt}
      ) WHERE version IS NOT NULL AND build IS NOT NULL AND build NOT GLOB '*[a-z]' LIMIT 1`),
  );
  return rows[0];
}

export type UpdateStanding = {
  id: string;
  platform: Platform | null;
  osVersion: string | null;
  name: string | null;
  /** JSON of `softwareupdate.install-state`. */
  installState: string | null;
};

/** How these devices stand with updates, in the order of ids. */
export const updateStandings = (db: Db, ids: readonly string[]): Promise<UpdateStanding[]> =>
  read(() =>
    db.all<UpdateStanding>(sql`
      SELECT device.id, device.platform, device.os_version AS osVersion, device.name,
        install.value AS installState
      FROM ${devices} AS device
      LEFT JOIN ${statusValues} AS install ON install.device_id = device.id AND install.user_id = ''
        AND install.path = 'softwareupdate.install-state'
      WHERE device.id IN ${among(ids)} ORDER BY device.id`),
  );

/** How these devices stand with these declarations. */
export const statesOf = (
  db: Db,
  ids: readonly string[],
  identifiers: readonly string[],
): Promise<{ deviceId: string; identifier: string; state: string }[]> =>
  read(() =>
    db
      .select({
        deviceId: declarationStates.deviceId,
        identifier: declarationStates.identifier,
        state: declarationStates.state,
      })
      .from(declarationStates)
      .where(
        and(
          inArray(declarationStates.deviceId, among(ids)),
          eq(declarationStates.userId, ""),
          inArray(declarationStates.identifier, among(identifiers)),
        ),
      ),
  );
