import { and, asc, eq, getTableColumns, gt, inArray, lt } from "drizzle-orm";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { provisioningProfiles } from "./schema/provisioning-profiles.ts";

export type ProvisioningProfileRow = typeof provisioningProfiles.$inferSelect;
/** Without the file itself. */
export type ProvisioningProfileEntry = Omit<ProvisioningProfileRow, "content">;

const { content: _, ...entryColumns } = getTableColumns(provisioningProfiles);

export const listProvisioningProfiles = (
  db: Db,
  limit: number,
  after: string | undefined,
): Promise<ProvisioningProfileEntry[]> =>
  read(() =>
    db
      .select(entryColumns)
      .from(provisioningProfiles)
      .where(after === undefined ? undefined : gt(provisioningProfiles.uuid, after))
      .orderBy(asc(provisioningProfiles.uuid))
      .limit(limit),
  );

export const findProvisioningProfile = (db: Db, uuid: string): Promise<ProvisioningProfileRow | undefined> =>
  read(() => db.select().from(provisioningProfiles).where(eq(provisioningProfiles.uuid, uuid)).get());

/** True when there was none of that UUID. */
export async function putProvisioningProfile(db: Db, row: ProvisioningProfileRow): Promise<boolean> {
  const added = await db.insert(provisioningProfiles).values(row).onConflictDoNothing().returning({
    uuid: provisioningProfiles.uuid,
  });
  if (added.length > 0) return true;
  const { uuid, ...rest } = row;
  await db.update(provisioningProfiles).set(rest).where(eq(provisioningProfiles.uuid, uuid));
  return false;
}

export async function deleteProvisioningProfile(db: Db, uuid: string): Promise<boolean> {
  const gone = await db
    .delete(provisioningProfiles)
    .where(eq(provisioningProfiles.uuid, uuid))
    .returning({ uuid: provisioningProfiles.uuid });
  return gone.length > 0;
}

type Warned = ProvisioningProfileRow["warned"];

/** Those that end before this time and have no newer notice than `known`. */
export const listEnding = (
  db: Db,
  before: number,
  known: readonly Warned[],
  limit: number,
): Promise<ProvisioningProfileEntry[]> =>
  read(() =>
    db
      .select(entryColumns)
      .from(provisioningProfiles)
      .where(
        and(lt(provisioningProfiles.expiresAt, before), inArray(provisioningProfiles.warned, [...known])),
      )
      .orderBy(asc(provisioningProfiles.expiresAt))
      .limit(limit),
  );

export const noteWarned = (db: Db, uuid: string, warned: Warned) =>
  db.update(provisioningProfiles).set({ warned }).where(eq(provisioningProfiles.uuid, uuid));
