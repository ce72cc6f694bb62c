import { and, asc, eq, getTableColumns, gte, isNotNull, isNull, lte, sql } from "drizzle-orm";
import type { AdeProfile } from "../ade/profile.ts";
import { enrolledId } from "./ade-devices.ts";
import { keyAfter } from "./keyset.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import {
  adeAccounts,
  adeDevices,
  adeProfileDefinitions as definitions,
  adeProfiles as profiles,
  adeProfileVersions as versions,
} from "./schema/ade.ts";

/** A device that must move here by a deadline, with all that its readiness is told by. */
export type MigratingDevice = {
  serial: string;
  account: string;
  family: string | null;
  model: string | null;
  profile: string | null;
  profileStatus: string | null;
  profileUuid: string | null;
  deadline: number;
  accountState: string;
  tokenExpiresAt: number | null;
  /** The present version of the profile that it should have, and what Apple calls it. */
  value: AdeProfile | null;
  definedUuid: string | null;
  /** The device that is enrolled here with this serial number. */
  deviceId: string | null;
};

export type MigrationFilters = {
  account?: string | undefined;
  enrolled?: boolean | undefined;
  from?: number | undefined;
  until?: number | undefined;
};

/** The nearest deadline first. */
export const listMigrating = (
  db: Db,
  { account, enrolled, from, until }: MigrationFilters,
  limit: number,
  after: readonly [deadline: number, serial: string, account: string] | undefined,
): Promise<MigratingDevice[]> => {
  const { serial, family, model, profile, profileStatus, profileUuid, migrationDeadline } =
    getTableColumns(adeDevices);
  return read(() =>
    db
      .select({
        serial,
        account: adeDevices.account,
        family,
        model,
        profile,
        profileStatus,
        profileUuid,
        deadline: sql<number>`${migrationDeadline}`,
        accountState: adeAccounts.state,
        tokenExpiresAt: adeAccounts.tokenExpiresAt,
        value: versions.value,
        definedUuid: definitions.profileUuid,
        deviceId: enrolledId,
      })
      .from(adeDevices)
      .innerJoin(adeAccounts, eq(adeAccounts.name, adeDevices.account))
      .leftJoin(profiles, eq(profiles.name, adeDevices.profile))
      .leftJoin(versions, and(eq(versions.name, profiles.name), eq(versions.version, profiles.version)))
      .leftJoin(
        definitions,
        and(
          eq(definitions.account, adeDevices.account),
          eq(definitions.name, versions.name),
          eq(definitions.version, versions.version),
        ),
      )
      .where(
        and(
          isNotNull(migrationDeadline),
          isNull(adeDevices.deletedAt),
          keyAfter([migrationDeadline, serial, adeDevices.account], after),
          account === undefined ? undefined : eq(adeDevices.account, account),
          from === undefined ? undefined : gte(migrationDeadline, from),
          until === undefined ? undefined : lte(migrationDeadline, until),
          enrolled === undefined
            ? undefined
            : enrolled
              ? sql`${enrolledId} IS NOT NULL`
              : sql`${enrolledId} IS NULL`,
        ),
      )
      .orderBy(asc(migrationDeadline), asc(serial), asc(adeDevices.account))
      .limit(limit)
      .all(),
  );
};
