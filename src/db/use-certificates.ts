import { and, asc, desc, eq, isNotNull, isNull, lte, type SQL, sql } from "drizzle-orm";
import type { CertificateRow } from "./certificates.ts";
import { keyAfter } from "./keyset.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { type CertificateUse, certificates } from "./schema/certificates.ts";
import { devices } from "./schema/devices.ts";

// Certificates that devices get from declared assets, for other uses than to identify themselves here.

/** For each asset, the newest certificate that this device got from it under this enrollment. */
export async function newestOfUses(
  db: Db,
  deviceId: string,
  generation: number,
): Promise<ReadonlyMap<string, UseCertificate>> {
  const { use, fingerprint, renewalOf, notAfter, revokedAt, renewAt, challengeId } = certificates;
  const rows = await read(() =>
    db
      .select({ use, fingerprint, renewalOf, notAfter, revokedAt, renewAt, challengeId })
      .from(certificates)
      .where(
        and(
          eq(certificates.deviceId, deviceId),
          isNotNull(use),
          sql`${use} ->> '$.generation' = ${generation}`,
        ),
      )
      .orderBy(desc(certificates.issuedAt), desc(fingerprint))
      .limit(mostOfUses),
  );
  const newest = new Map<string, UseCertificate>();
  for (const row of rows) {
    const key = row.use && keyOfUse(row.use);
    if (key !== null && !newest.has(key)) newest.set(key, row);
  }
  return newest;
}

export type UseCertificate = Pick<
  CertificateRow,
  "fingerprint" | "renewalOf" | "notAfter" | "revokedAt" | "renewAt" | "challengeId"
>;

export const keyOfUse = ({ declaration, userId }: Pick<CertificateUse, "declaration" | "userId">): string =>
  `${userId} ${declaration}`;

/**
 * Revokes what this device got from assets, except under this enrollment from those that are kept: where the device loses
 * an asset, it also deletes the key.
 */
export const revokeUsesOf = (
  db: Db,
  deviceId: string,
  kept: { generation: number; keys: readonly string[] } | undefined,
  now: number,
) =>
  revokeUses(
    db,
    deviceId,
    kept &&
      sql`NOT (${certificates.use} ->> '$.generation' = ${kept.generation}
        AND ${certificates.use} ->> '$.userId' || ' ' || (${certificates.use} ->> '$.declaration')
          IN (SELECT value FROM json_each(${JSON.stringify(kept.keys)})))`,
    now,
  );

/** Revokes what this device got from assets under enrollments that have ended. */
export const revokeUsesLeft = (db: Db, deviceId: string, now: number) =>
  revokeUses(
    db,
    deviceId,
    sql`NOT EXISTS (SELECT 1 FROM devices WHERE devices.id = ${deviceId} AND devices.state = 'enrolled'
      AND devices.generation = ${certificates.use} ->> '$.generation')`,
    now,
  );

const revokeUses = (db: Db, deviceId: string, which: SQL | undefined, now: number) =>
  db
    .update(certificates)
    .set({ revokedAt: now, reason: "cessationOfOperation" })
    .where(
      and(
        eq(certificates.deviceId, deviceId),
        isNotNull(certificates.use),
        isNull(certificates.revokedAt),
        which,
      ),
    );

/** More than one device gets from its assets in years. */
const mostOfUses = 500;

/** Devices with a certificate that must be replaced and was not yet, by the time from which that is so. */
export const listUsesToRenew = (
  db: Db,
  now: number,
  limit: number,
  after: readonly [renewAt: number, fingerprint: string] | undefined,
) =>
  read(() =>
    db
      .select({
        renewAt: sql<number>`${certificates.renewAt}`,
        fingerprint: certificates.fingerprint,
        deviceId: certificates.deviceId,
      })
      .from(certificates)
      .innerJoin(devices, and(eq(devices.id, certificates.deviceId), eq(devices.state, "enrolled")))
      .where(
        and(
          isNotNull(certificates.renewAt),
          lte(certificates.renewAt, now),
          sql`${certificates.use} ->> '$.generation' = ${devices.generation}`,
          sql`NOT EXISTS (SELECT 1 FROM certificates AS newer
            WHERE newer.renewal_of IS NOT NULL
              AND newer.renewal_of ->> '$.fingerprint' = +${certificates.fingerprint})`,
          keyAfter([certificates.renewAt, certificates.fingerprint], after),
        ),
      )
      .orderBy(asc(certificates.renewAt), asc(certificates.fingerprint))
      .limit(limit),
  );
