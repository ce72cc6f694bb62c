import { and, asc, desc, eq, gt, inArray, isNotNull, isNull, lte, max, ne, sql } from "drizzle-orm";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { appStates, libraryApps } from "./schema/apps.ts";
import { certificates } from "./schema/certificates.ts";
import { declarations } from "./schema/declarations.ts";
import { devices } from "./schema/devices.ts";
import { backupsMade, newestReleases } from "./schema/problems.ts";
import { profiles } from "./schema/profiles.ts";
import { declarationStates, profileStates } from "./schema/states.ts";
import { usualCountry } from "./store-items.ts";

/** The facts for the detectors of problems, each from a limited part of an index. */
const mostCounted = 10_000;
const mostIdentities = 2_000;

export async function countEnrolled(db: Db): Promise<{ count: number; firstAt: number | null }> {
  const some = db
    .select({ enrolledAt: devices.enrolledAt })
    .from(devices)
    .where(eq(devices.state, "enrolled"))
    .limit(mostCounted)
    .as("some");
  const [row] = await read(() =>
    db
      .select({ count: sql<number>`count(*)`, firstAt: sql<number | null>`min(${some.enrolledAt})` })
      .from(some),
  );
  return row ?? { count: 0, firstAt: null };
}

export type LateIdentities = { count: number; first: { deviceId: string; notAfter: number } | null };

/** Enrolled devices whose newest identity ends between the two times. */
export async function endedIdentities(db: Db, from: number, to: number): Promise<LateIdentities> {
  const { deviceId, notAfter, revokedAt } = certificates;
  const rows = await read(() =>
    db
      .select({ deviceId, notAfter })
      .from(certificates)
      .innerJoin(devices, and(eq(devices.id, deviceId), eq(devices.state, "enrolled")))
      .where(
        and(
          gt(notAfter, from),
          lte(notAfter, to),
          isNull(revokedAt),
          isNotNull(deviceId),
          ne(certificates.purpose, "use"),
          sql`NOT EXISTS (SELECT 1 FROM certificates AS newer
            WHERE newer.device_id = ${deviceId} AND newer.not_after > ${notAfter}
              AND newer.revoked_at IS NULL AND newer.purpose <> 'use')`,
        ),
      )
      .orderBy(asc(notAfter))
      .limit(mostIdentities),
  );
  const [first] = rows;
  return {
    count: rows.length,
    first: first?.deviceId ? { deviceId: first.deviceId, notAfter: first.notAfter } : null,
  };
}

export async function lastBackupAt(db: Db): Promise<number | null> {
  const [row] = await read(() => db.select({ at: max(backupsMade.finishedAt) }).from(backupsMade));
  return row?.at ?? null;
}

export async function newestRelease(db: Db): Promise<string | null> {
  const row = await read(() => db.select().from(newestReleases).where(eq(newestReleases.id, 1)).get());
  return row?.version ?? null;
}

export async function noteRelease(db: Db, version: string, seenAt: number): Promise<void> {
  await db
    .insert(newestReleases)
    .values({ id: 1, version, seenAt })
    .onConflictDoUpdate({ target: newestReleases.id, set: { version, seenAt } });
}

/** The platform tells it with every answer. */
export async function databaseBytes(db: Db): Promise<number> {
  const { meta } = await read(() => db.run(sql`SELECT 1`));
  return meta.size_after;
}

/** Written once for each backup; the newest few are kept. */
export async function noteBackup(db: Db, backup: string, finishedAt: number): Promise<void> {
  const newest = db
    .select({ backup: backupsMade.backup })
    .from(backupsMade)
    .orderBy(desc(backupsMade.finishedAt))
    .limit(10);
  await db.batch([
    db.insert(backupsMade).values({ backup, finishedAt }).onConflictDoNothing(),
    db.delete(backupsMade).where(sql`${backupsMade.backup} NOT IN ${newest}`),
  ]);
}

export type Failing = { identifier: string; count: number };

/** Failed profiles or declarations and the number of channels, one page by name. */
export async function failingProfiles(
  db: Db,
  after: string,
  limit: number,
): Promise<{ failing: Failing[]; last: string | undefined }> {
  const { identifier } = profiles;
  const count = sql<number>`(SELECT count(*) FROM (SELECT 1 FROM ${profileStates}
    WHERE profile_states.identifier = profiles.identifier AND ${profileStates.state} = 'failed' LIMIT ${mostCounted}))`;
  const rows = await read(() =>
    db
      .select({ identifier, count })
      .from(profiles)
      .where(gt(identifier, after))
      .orderBy(asc(identifier))
      .limit(limit),
  );
  return failingOf(rows, limit);
}

export async function failingDeclarations(
  db: Db,
  after: string,
  limit: number,
): Promise<{ failing: Failing[]; last: string | undefined }> {
  const { identifier } = declarations;
  const count = sql<number>`(SELECT count(*) FROM (SELECT 1 FROM ${declarationStates}
    WHERE declaration_states.identifier = declarations.identifier AND ${declarationStates.state} = 'invalid' LIMIT ${mostCounted}))`;
  const rows = await read(() =>
    db
      .select({ identifier, count })
      .from(declarations)
      .where(gt(identifier, after))
      .orderBy(asc(identifier))
      .limit(limit),
  );
  return failingOf(rows, limit);
}

/** Apps that have been in the state `failed` since before that time. */
export async function failingApps(
  db: Db,
  after: string,
  limit: number,
  failedBefore: number,
): Promise<{ failing: Failing[]; last: string | undefined }> {
  const { name } = libraryApps;
  const count = sql<number>`(SELECT count(*) FROM (SELECT 1 FROM ${appStates}
    WHERE app_states.name = library_apps.name AND ${appStates.state} = 'failed' AND ${appStates.since} < ${failedBefore}
    LIMIT ${mostCounted}))`;
  const rows = await read(() =>
    db
      .select({ identifier: name, count })
      .from(libraryApps)
      .where(gt(name, after))
      .orderBy(asc(name))
      .limit(limit),
  );
  return failingOf(rows, limit);
}

export type Misnamed = Failing & { expected: string; told: string };

/**
 * Of so many apps after that name, those that devices report under another bundle id than the store has for them. Devices
 * report the app that they have; the store's may have been read for another platform, or be wrong.
 */
export async function misnamedApps(db: Db, after: string, limit: number): Promise<Misnamed[]> {
  const differs = sql`app_states.name = page.name AND app_states.state = 'installed' AND app_states.identifier <> page.bundle_id`;
  return read(() =>
    db.all<Misnamed>(sql`
      SELECT page.name AS identifier, page.bundle_id AS expected,
        (SELECT count(*) FROM (SELECT 1 FROM app_states WHERE ${differs} LIMIT ${mostCounted})) AS count,
        (SELECT app_states.identifier FROM app_states WHERE ${differs} LIMIT 1) AS told
      FROM (
        SELECT library_apps.name, store_items.bundle_id
        FROM (SELECT name, adam_id, location FROM library_apps WHERE name > ${after} ORDER BY name LIMIT ${limit}) AS library_apps
        JOIN content_locations ON content_locations.name = library_apps.location
        JOIN store_items ON store_items.adam_id = library_apps.adam_id
          AND store_items.country = coalesce(content_locations.country, ${usualCountry})
        WHERE store_items.bundle_id IS NOT NULL
      ) AS page
      WHERE told IS NOT NULL ORDER BY page.name`),
  );
}

const failingOf = (rows: Failing[], limit: number) => ({
  failing: rows.filter(({ count }) => count > 0),
  last: rows.length === limit ? rows.at(-1)?.identifier : undefined,
});

export type FleetRow = Pick<
  typeof devices.$inferSelect,
  | "id"
  | "platform"
  | "supervised"
  | "encrypted"
  | "enrolledAt"
  | "lastSeenAt"
  | "hasBootstrapToken"
  | "hasFilevaultKey"
  | "recoveryLock"
  | "hasRecoveryLock"
  | "attestationFailedAt"
>;

/** Enrolled devices by id, with the columns that show problems. */
export const walkEnrolled = (db: Db, after: string, limit: number): Promise<FleetRow[]> => {
  const { id } = devices;
  return read(() =>
    db
      .select({
        id,
        platform: devices.platform,
        supervised: devices.supervised,
        encrypted: devices.encrypted,
        enrolledAt: devices.enrolledAt,
        lastSeenAt: devices.lastSeenAt,
        hasBootstrapToken: devices.hasBootstrapToken,
        hasFilevaultKey: devices.hasFilevaultKey,
        recoveryLock: devices.recoveryLock,
        hasRecoveryLock: devices.hasRecoveryLock,
        attestationFailedAt: devices.attestationFailedAt,
      })
      .from(devices)
      .where(and(eq(devices.state, "enrolled"), gt(id, after)))
      .orderBy(asc(id))
      .limit(limit),
  );
};

/** Which of these are enrolled and were seen since; fewer than a hundred. */
export async function seenSince(db: Db, ids: readonly string[], since: number): Promise<ReadonlySet<string>> {
  const rows = await read(() =>
    db
      .select({ id: devices.id })
      .from(devices)
      .where(
        and(inArray(devices.id, [...ids]), eq(devices.state, "enrolled"), gt(devices.lastSeenAt, since)),
      ),
  );
  return new Set(rows.map(({ id }) => id));
}
