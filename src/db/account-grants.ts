import { and, desc, eq, gt, gte, inArray, isNotNull, isNull, lt, or } from "drizzle-orm";
import type { Db } from "./open.ts";
import { isPerson } from "./person.ts";
import { read } from "./read.ts";
import { accountGrants, accountTokens } from "./schema/account-grants.ts";
import { devices } from "./schema/devices.ts";

export type GrantRow = typeof accountGrants.$inferSelect;
export type TokenRow = typeof accountTokens.$inferSelect;
type TokenKind = TokenRow["kind"];

/** Also clears away a few that no device took before `forgottenBefore`. */
export async function insertGrant(
  db: Db,
  grant: Pick<GrantRow, "id" | "account" | "person" | "createdAt" | "endsAt">,
  token: Omit<TokenRow, "usedAt">,
  forgottenBefore: number,
): Promise<void> {
  const forgotten = await db
    .select({ id: accountGrants.id })
    .from(accountGrants)
    .where(and(lt(accountGrants.endsAt, forgottenBefore), isNull(accountGrants.deviceId)))
    .limit(20);
  const ids = forgotten.map(({ id }) => id);
  await db.batch([
    db.insert(accountGrants).values(grant),
    db.insert(accountTokens).values(token),
    db.delete(accountTokens).where(inArray(accountTokens.grantId, ids)),
    db.delete(accountGrants).where(inArray(accountGrants.id, ids)),
  ]);
}

export async function insertTokens(db: Db, tokens: Omit<TokenRow, "usedAt">[]): Promise<void> {
  await db.insert(accountTokens).values(tokens);
}

export type TokenWithGrant = { token: TokenRow; grant: GrantRow };

const isGood = (hash: string, kind: TokenKind, now: number) =>
  and(
    eq(accountTokens.hash, hash),
    eq(accountTokens.kind, kind),
    isNull(accountTokens.usedAt),
    or(isNull(accountTokens.expiresAt), gt(accountTokens.expiresAt, now)),
  );

/** undefined: unknown, of another kind, used, expired, or taken back. */
export async function findToken(
  db: Db,
  hash: string,
  kind: TokenKind,
  now: number,
): Promise<TokenWithGrant | undefined> {
  return read(() =>
    db
      .select({ token: accountTokens, grant: accountGrants })
      .from(accountTokens)
      .innerJoin(accountGrants, eq(accountGrants.id, accountTokens.grantId))
      .where(and(isGood(hash, kind, now), isNull(accountGrants.revokedAt)))
      .get(),
  );
}

/** The first that comes has used it. */
export async function useToken(db: Db, hash: string, kind: TokenKind, now: number): Promise<boolean> {
  const used = await db
    .update(accountTokens)
    .set({ usedAt: now })
    .where(isGood(hash, kind, now))
    .returning({ hash: accountTokens.hash });
  return used.length > 0;
}

export async function keepGrantChallenge(
  db: Db,
  id: string,
  sealedChallenge: string,
  challengeExpiresAt: number,
): Promise<void> {
  await db.update(accountGrants).set({ sealedChallenge, challengeExpiresAt }).where(eq(accountGrants.id, id));
}

/** One statement decides which device has it. True as well for the one that had it before. */
export async function claimGrant(db: Db, id: string, deviceId: string, now: number): Promise<boolean> {
  const free = and(isNull(accountGrants.deviceId), gt(accountGrants.endsAt, now));
  const claimed = await db
    .update(accountGrants)
    .set({ deviceId, claimedAt: now })
    .where(
      and(
        eq(accountGrants.id, id),
        isNull(accountGrants.revokedAt),
        or(free, eq(accountGrants.deviceId, deviceId)),
      ),
    )
    .returning({ id: accountGrants.id });
  return claimed.length > 0;
}

export type OwnDevice = Pick<
  typeof devices.$inferSelect,
  "id" | "name" | "modelName" | "kind" | "state" | "enrolledAt"
>;

/** Enrolled devices that were enrolled by sign-ins to that account; of very many the first ones. */
export const listOwnDevices = (db: Db, account: string): Promise<OwnDevice[]> =>
  read(() =>
    db
      .selectDistinct({
        id: devices.id,
        name: devices.name,
        modelName: devices.modelName,
        kind: devices.kind,
        state: devices.state,
        enrolledAt: devices.enrolledAt,
      })
      .from(accountGrants)
      .innerJoin(devices, eq(devices.id, accountGrants.deviceId))
      .where(and(eq(accountGrants.account, account), eq(devices.state, "enrolled")))
      .limit(mostOwn),
  );

const mostOwn = 50;

export async function revokeGrantsOfDevice(db: Db, deviceId: string, now: number): Promise<void> {
  await db
    .update(accountGrants)
    .set({ revokedAt: now })
    .where(and(eq(accountGrants.deviceId, deviceId), isNull(accountGrants.revokedAt)));
}

/** A person as an issuer names one. */
export type Identified = { issuer: string; subject: string };

/** All that the person's sign-ins gave, also what no device has taken yet. */
export async function revokeGrantsOfPerson(db: Db, who: Identified, now: number): Promise<void> {
  await db
    .update(accountGrants)
    .set({ revokedAt: now })
    .where(and(isPerson(accountGrants.person, who), isNull(accountGrants.revokedAt)));
}

/** Those with a device that were taken back since then, newest first. */
export const grantsTakenBack = async (
  db: Db,
  who: Identified,
  since: number,
  limit: number,
): Promise<{ id: string; deviceId: string }[]> => {
  const { id, deviceId, person, revokedAt, claimedAt } = accountGrants;
  const rows = await db
    .select({ id, deviceId })
    .from(accountGrants)
    .where(and(isPerson(person, who), isNotNull(deviceId), gte(revokedAt, since)))
    .orderBy(desc(claimedAt))
    .limit(limit);
  return rows.flatMap((row) => (row.deviceId === null ? [] : [{ id: row.id, deviceId: row.deviceId }]));
};
