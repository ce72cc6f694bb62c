import { and, count, desc, eq, getTableColumns, gte, isNotNull, isNull, lt, sql } from "drizzle-orm";
import { among } from "./batch.ts";
import { keyAfter } from "./keyset.ts";
import type { Db } from "./open.ts";
import type { PortalDeviceRow } from "./portal-devices.ts";
import { read } from "./read.ts";
import { adeDevices } from "./schema/ade.ts";
import { portalDevices } from "./schema/portal.ts";

export type AdeDeviceRow = typeof adeDevices.$inferSelect;

/** For a person who is about to delete an account. */
export async function countDevices(db: Db, account: string): Promise<number> {
  const live = and(eq(adeDevices.account, account), isNull(adeDevices.deletedAt));
  const [row] = await read(() => db.select({ n: count() }).from(adeDevices).where(live));
  return row?.n ?? 0;
}

/** The serial number of one of them. */
export async function hasDeviceWithProfile(db: Db, profile: string): Promise<string | undefined> {
  const row = await read(() =>
    db
      .select({ serial: adeDevices.serial })
      .from(adeDevices)
      .where(and(eq(adeDevices.profile, profile), isNull(adeDevices.deletedAt)))
      .limit(1)
      .get(),
  );
  return row?.serial;
}

/** How many devices should have a profile. */
export async function countWithProfile(db: Db, profile: string): Promise<number> {
  const live = and(eq(adeDevices.profile, profile), isNull(adeDevices.deletedAt));
  const [row] = await read(() => db.select({ n: count() }).from(adeDevices).where(live));
  return row?.n ?? 0;
}

export type AdeDeviceFilters = {
  account?: string | undefined;
  profile?: string | undefined;
  family?: string | undefined;
  profileStatus?: string | undefined;
  /** Beginning of the serial number. */
  serial?: string | undefined;
  enrolled?: boolean | undefined;
  migrating?: boolean | undefined;
  /** Order number. */
  order?: string | undefined;
  /** Those that are gone instead of those that are there. */
  gone?: boolean | undefined;
};

export type ListedDevice = AdeDeviceRow & {
  deviceId: string | null;
  deviceState: string | null;
  /** Of what was bought, by the API account that read it last. */
  purchase: PortalDeviceRow | null;
};

/** The device that is enrolled with a serial number; the one of them that was seen last. */
export const enrolledId = sql<string | null>`(SELECT id FROM devices WHERE devices.serial = ade_devices.serial
  AND devices.state IN ('enrolled', 'pending') ORDER BY devices.last_seen_at DESC LIMIT 1)`;

const enrolledState = sql<string | null>`(SELECT state FROM devices WHERE devices.serial = ade_devices.serial
  ORDER BY devices.state = 'enrolled' DESC, devices.last_seen_at DESC LIMIT 1)`;

/** Two accounts may know a device while it changes hands. */
const isLatestPurchase = and(
  eq(portalDevices.serial, adeDevices.serial),
  sql`${portalDevices.account} = (SELECT account FROM portal_devices AS other
    WHERE other.serial = ade_devices.serial ORDER BY other.seen_at DESC, other.account LIMIT 1)`,
);

const listed = {
  ...getTableColumns(adeDevices),
  deviceId: enrolledId,
  deviceState: enrolledState,
  purchase: getTableColumns(portalDevices),
};

/** In the order of serial numbers; with a deadline to move, in the order of those. */
export const listDevices = (
  db: Db,
  filters: AdeDeviceFilters,
  limit: number,
  after: readonly [serial: string, account: string] | undefined,
): Promise<ListedDevice[]> => {
  const {
    account,
    profile,
    family,
    profileStatus,
    serial,
    enrolled,
    migrating,
    order,
    gone = false,
  } = filters;
  return read(() =>
    db
      .select(listed)
      .from(adeDevices)
      .leftJoin(portalDevices, isLatestPurchase)
      .where(
        and(
          order === undefined ? undefined : ofOrder(order),
          keyAfter([adeDevices.serial, adeDevices.account], after),
          gone ? isNotNull(adeDevices.deletedAt) : isNull(adeDevices.deletedAt),
          account === undefined ? undefined : eq(adeDevices.account, account),
          profile === undefined ? undefined : eq(adeDevices.profile, profile),
          family === undefined ? undefined : eq(adeDevices.family, family),
          profileStatus === undefined ? undefined : eq(adeDevices.profileStatus, profileStatus),
          migrating ? isNotNull(adeDevices.migrationDeadline) : undefined,
          serial === undefined
            ? undefined
            : and(gte(adeDevices.serial, serial), lt(adeDevices.serial, `${serial}\u{10ffff}`)),
          enrolled === undefined
            ? undefined
            : enrolled
              ? sql`${enrolledId} IS NOT NULL`
              : sql`${enrolledId} IS NULL`,
        ),
      )
      .orderBy(adeDevices.serial, adeDevices.account)
      .limit(limit)
      .all(),
  );
};

const ofOrder = (order: string) =>
  sql`${adeDevices.serial} IN (SELECT serial FROM portal_devices WHERE order_number = ${order})`;

/** In every account that had it. */
export const findListed = (db: Db, serial: string): Promise<ListedDevice[]> =>
  read(() =>
    db
      .select(listed)
      .from(adeDevices)
      .leftJoin(portalDevices, isLatestPurchase)
      .where(eq(adeDevices.serial, serial))
      .orderBy(sql`${adeDevices.deletedAt} IS NOT NULL`, desc(adeDevices.firstSeenAt))
      .all(),
  );

/** Which account has each of these devices now. */
export const accountsOf = (
  db: Db,
  serials: readonly string[],
): Promise<{ serial: string; account: string }[]> =>
  read(() =>
    db
      .select({ serial: adeDevices.serial, account: adeDevices.account })
      .from(adeDevices)
      .where(and(sql`${adeDevices.serial} IN ${among(serials)}`, isNull(adeDevices.deletedAt)))
      .orderBy(adeDevices.firstSeenAt)
      .all(),
  );
