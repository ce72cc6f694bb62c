import { and, count, desc, eq, isNull } from "drizzle-orm";
import type { AdeProfile } from "../ade/profile.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import {
  adeAccounts,
  adeDevices,
  adeProfileDefinitions as definitions,
  adeProfileVersions as versions,
} from "./schema/ade.ts";

export type AdeDeviceRow = typeof adeDevices.$inferSelect;

/** The version of one of our profiles that Apple says a device has. */
export type GivenProfile = { name: string; version: number; value: AdeProfile };

/** Whose device it is now; where two accounts claim it, the one that heard of it last. */
export async function findLiveDevice(
  db: Db,
  serial: string,
): Promise<{ device: AdeDeviceRow; given: GivenProfile | undefined } | undefined> {
  const row = await read(() =>
    db
      .select({ device: adeDevices, name: versions.name, version: versions.version, value: versions.value })
      .from(adeDevices)
      .innerJoin(adeAccounts, eq(adeAccounts.name, adeDevices.account))
      .leftJoin(
        definitions,
        and(eq(definitions.account, adeDevices.account), eq(definitions.profileUuid, adeDevices.profileUuid)),
      )
      .leftJoin(versions, and(eq(versions.name, definitions.name), eq(versions.version, definitions.version)))
      .where(and(eq(adeDevices.serial, serial), isNull(adeDevices.deletedAt)))
      .orderBy(desc(adeDevices.firstSeenAt), adeDevices.account)
      .limit(1)
      .get(),
  );
  if (!row) return undefined;
  const { device, name, version, value } = row;
  const given = name !== null && version !== null && value !== null ? { name, version, value } : undefined;
  return { device, given };
}

/** For a person who is about to delete an account. */
export async function countDevices(db: Db, account: string): Promise<number> {
  const live = and(eq(adeDevices.account, account), isNull(adeDevices.deletedAt));
  const [row] = await read(() => db.select({ n: count() }).from(adeDevices).where(live));
  return row?.n ?? 0;
}
