import {
  and,
  asc,
  count,
  desc,
  eq,
  gt,
  inArray,
  isNotNull,
  isNull,
  lte,
  or,
  type SQL,
  sql,
} from "drizzle-orm";
import { keyAfter, keyBefore } from "./keyset.ts";
import { leanInsert, leanRows } from "./lean.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { certificates } from "./schema/certificates.ts";
import { type ChallengeEnrollment, challenges } from "./schema/challenges.ts";

export type CertificateRow = typeof certificates.$inferSelect;

/**
 * The first row with an issue key, or with an authority's serial, stays. Returns the stored row, which is the given one
 * or an earlier one.
 */
export async function recordCertificate(db: Db, row: CertificateRow): Promise<CertificateRow> {
  const recorded = await leanInsert(db, certificates, "certificates", row);
  if (recorded) return recorded;
  const earlier = row.issueKey
    ? await findByIssueKey(db, row.issueKey)
    : ((await findCertificate(db, row.fingerprint)) ?? (await findBySerial(db, row.authorityId, row.serial)));
  if (!earlier) throw new Error(`certificate ${row.fingerprint} was not recorded, and no earlier row exists`);
  return earlier;
}

export const findCertificate = (db: Db, fingerprint: string): Promise<CertificateRow | undefined> =>
  read(() => db.select().from(certificates).where(eq(certificates.fingerprint, fingerprint)).get());

export const findByIssueKey = (db: Db, issueKey: string): Promise<CertificateRow | undefined> =>
  read(() => db.select().from(certificates).where(eq(certificates.issueKey, issueKey)).get());

export const findBySerial = (
  db: Db,
  authorityId: string,
  serial: string,
): Promise<CertificateRow | undefined> =>
  read(() =>
    db
      .select()
      .from(certificates)
      .where(and(eq(certificates.authorityId, authorityId), eq(certificates.serial, serial)))
      .get(),
  );

/** Whether an attested key was already certified for another challenge. */
export async function isKeyKnown(db: Db, spkiHash: string, challengeId: string): Promise<boolean> {
  const rows = await leanRows(
    db,
    certificates,
    "SELECT * FROM certificates WHERE spki_hash = ?1 AND attestation IS NOT NULL AND challenge_id IS NOT ?2 LIMIT 1",
    [spkiHash, challengeId],
  );
  return rows.length > 0;
}

/** The client chooses the transaction id, so the key must match as well. */
export const findByTransaction = (
  db: Db,
  transactionId: string,
  spkiHash: string,
): Promise<CertificateRow | undefined> =>
  read(() =>
    db
      .select()
      .from(certificates)
      .where(and(eq(certificates.transactionId, transactionId), eq(certificates.spkiHash, spkiHash)))
      .orderBy(desc(certificates.issuedAt))
      .limit(1)
      .get(),
  );

export type IssuanceRow = { certificate: CertificateRow; enrollment: ChallengeEnrollment | null };

/** A certificate with the terms of its challenge. */
export const findIssuance = (db: Db, fingerprint: string): Promise<IssuanceRow | undefined> =>
  read(() =>
    db
      .select({ certificate: certificates, enrollment: challenges.enrollment })
      .from(certificates)
      .leftJoin(challenges, eq(challenges.id, certificates.challengeId))
      .where(eq(certificates.fingerprint, fingerprint))
      .get(),
  );

/** True for the first device, and again for the same device. */
export async function claimForDevice(db: Db, fingerprint: string, deviceId: string): Promise<boolean> {
  const claimed = await db
    .update(certificates)
    .set({ deviceId })
    .where(
      and(
        eq(certificates.fingerprint, fingerprint),
        or(isNull(certificates.deviceId), eq(certificates.deviceId, deviceId)),
      ),
    )
    .returning({ fingerprint: certificates.fingerprint });
  return claimed.length > 0;
}

export type Revocation = {
  reason: string;
  /** A reason that a later reason may replace. */
  harmless: string;
  /** Whether all its renewals, and their renewals, are revoked for the same reason. */
  line: boolean;
};

/** The row afterwards; undefined when there is none. The time of the first revocation stays. */
export async function markRevoked(
  db: Db,
  fingerprint: string,
  revocation: Revocation,
  now: number,
): Promise<CertificateRow | undefined> {
  const first = db
    .update(certificates)
    .set(revoked(revocation, now))
    .where(eq(certificates.fingerprint, fingerprint))
    .returning();
  const [[row]] = await (revocation.line
    ? db.batch([first, markLineRevoked(db, fingerprint, revocation, now)])
    : db.batch([first]));
  return row;
}

export const markLineRevoked = (db: Db, fingerprint: string, revocation: Revocation, now: number) =>
  db
    .update(certificates)
    .set(revoked(revocation, now))
    .where(inArray(certificates.fingerprint, lineOf(fingerprint)));

const revoked = ({ reason, harmless }: Revocation, now: number) => ({
  revokedAt: sql`coalesce(${certificates.revokedAt}, ${now})`,
  reason: sql`coalesce(nullif(${certificates.reason}, ${harmless}), ${reason})`,
});

/** The plus removes the affinity of a column, which the index does not have: without it every row would be read. */
const lineOf = (fingerprint: string) => sql`(
  WITH RECURSIVE line(fingerprint) AS (
    VALUES (${fingerprint})
    UNION
    SELECT certificates.fingerprint FROM line CROSS JOIN certificates
      WHERE certificates.renewal_of IS NOT NULL
        AND certificates.renewal_of ->> '$.fingerprint' = +line.fingerprint
  )
  SELECT fingerprint FROM line WHERE fingerprint <> ${fingerprint}
)`;

/** The entries of this authority's CRL: revoked and not yet expired. */
export const listRevoked = (db: Db, authorityId: string, now: number) =>
  read(() =>
    db
      .select({
        serial: certificates.serial,
        revokedAt: certificates.revokedAt,
        reason: certificates.reason,
      })
      .from(certificates)
      .where(
        and(
          eq(certificates.authorityId, authorityId),
          isNotNull(certificates.revokedAt),
          gt(certificates.notAfter, now),
        ),
      )
      .all(),
  );

/** How many identities the removal of an authority would strand. */
export async function countUnexpired(db: Db, authorityId: string, now: number): Promise<number> {
  const row = await read(() =>
    db
      .select({ count: count() })
      .from(certificates)
      .where(
        and(
          eq(certificates.authorityId, authorityId),
          gt(certificates.notAfter, now),
          isNull(certificates.revokedAt),
        ),
      )
      .get(),
  );
  return row?.count ?? 0;
}

export type CertificateFilter = {
  deviceId?: string | undefined;
  authorityId?: string | undefined;
  /** Only certificates that are valid now and expire before this; then the list is in the order of expiry. */
  expiringBefore?: number | undefined;
  revoked?: boolean | undefined;
  /** The name of a use; null: only identities. */
  use?: string | null | undefined;
};

const useRule = (use: string | null | undefined): SQL | undefined => {
  if (use === undefined) return undefined;
  return use === null ? isNull(certificates.use) : sql`${certificates.use} ->> '$.name' = ${use}`;
};

/** Newest first, or soonest to expire first; `after` is the time and the fingerprint of the last one seen. */
export function listCertificates(
  db: Db,
  filter: CertificateFilter,
  now: number,
  limit: number,
  after?: readonly [number, string],
): Promise<CertificateRow[]> {
  const { deviceId, authorityId, expiringBefore, revoked, use } = filter;
  const byExpiry = expiringBefore !== undefined;
  const rules: (SQL | undefined)[] = [
    deviceId === undefined ? undefined : eq(certificates.deviceId, deviceId),
    authorityId === undefined ? undefined : eq(certificates.authorityId, authorityId),
    revoked === undefined
      ? undefined
      : revoked
        ? isNotNull(certificates.revokedAt)
        : isNull(certificates.revokedAt),
    useRule(use),
    byExpiry ? and(gt(certificates.notAfter, now), lte(certificates.notAfter, expiringBefore)) : undefined,
    byExpiry
      ? keyAfter([certificates.notAfter, certificates.fingerprint], after)
      : keyBefore([certificates.issuedAt, certificates.fingerprint], after),
  ];
  const order = byExpiry
    ? [asc(certificates.notAfter), asc(certificates.fingerprint)]
    : [desc(certificates.issuedAt), desc(certificates.fingerprint)];
  return read(() =>
    db
      .select()
      .from(certificates)
      .where(and(...rules))
      .orderBy(...order)
      .limit(limit)
      .all(),
  );
}
