import { and, asc, desc, eq, getTableColumns, gt, inArray, lt, lte, ne, notExists, sql } from "drizzle-orm";
import { among } from "./batch.ts";
import { applyTogether, type Statement } from "./directory.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { declarationReferences } from "./schema/declarations.ts";
import { profiles, profileVersions } from "./schema/profiles.ts";
import { setMembers } from "./schema/sets.ts";

export type ProfileRow = typeof profiles.$inferSelect;
export type ProfileVersionRow = typeof profileVersions.$inferSelect;
/** Without the content itself. */
export type ProfileEntry = Omit<ProfileRow, "sealedContent">;
export type ProfileVersionEntry = Omit<ProfileVersionRow, "sealedContent">;

const { sealedContent: _row, ...withoutContent } = getTableColumns(profiles);
export const entryColumns = withoutContent;
const { sealedContent: _version, ...versionColumns } = getTableColumns(profileVersions);

/** How many contents of one profile are kept. */
const versionsKept = 50;

export const listProfiles = (db: Db, limit: number, after: string | undefined): Promise<ProfileEntry[]> =>
  read(() =>
    db
      .select(entryColumns)
      .from(profiles)
      .where(after === undefined ? undefined : gt(profiles.identifier, after))
      .orderBy(asc(profiles.identifier))
      .limit(limit),
  );

export const findProfile = (db: Db, identifier: string): Promise<ProfileRow | undefined> =>
  read(() => db.select().from(profiles).where(eq(profiles.identifier, identifier)).get());

/** One statement and one parameter for any number. Missing ones are not in the answer. */
export const findProfileEntries = (db: Db, identifiers: readonly string[]): Promise<ProfileEntry[]> =>
  read(() =>
    db
      .select(entryColumns)
      .from(profiles)
      .where(inArray(profiles.identifier, among(identifiers)))
      .orderBy(asc(profiles.identifier)),
  );

/** Newest first; `before` is the version of the last one seen. */
export const listProfileVersions = (
  db: Db,
  identifier: string,
  limit: number,
  before: number | undefined,
): Promise<ProfileVersionEntry[]> =>
  read(() =>
    db
      .select(versionColumns)
      .from(profileVersions)
      .where(
        and(
          eq(profileVersions.identifier, identifier),
          before === undefined ? undefined : lt(profileVersions.version, before),
        ),
      )
      .orderBy(desc(profileVersions.version))
      .limit(limit),
  );

export const findProfileVersion = (
  db: Db,
  identifier: string,
  version: number,
): Promise<ProfileVersionRow | undefined> =>
  read(() => db.select().from(profileVersions).where(isVersion(identifier, version)).get());

const isVersion = (identifier: string, version: number) =>
  and(eq(profileVersions.identifier, identifier), eq(profileVersions.version, version));

/** Whether another content of this profile had that PayloadUUID. */
export async function isUuidTaken(
  db: Db,
  identifier: string,
  uuid: string,
  digest: string,
): Promise<boolean> {
  const taken = await read(() =>
    db
      .select({ version: profileVersions.version })
      .from(profileVersions)
      .where(
        and(
          eq(profileVersions.identifier, identifier),
          eq(profileVersions.uuid, uuid),
          ne(profileVersions.digest, digest),
        ),
      )
      .get(),
  );
  return taken !== undefined;
}

/**
 * Writes the row as the profile's present content and as one of its versions; `more` runs in the same batch. False, and
 * nothing is written, if another request wrote that version first.
 */
export async function putProfile(db: Db, row: ProfileRow, more: readonly Statement[]): Promise<boolean> {
  const { identifier, version, uuid, digest, sealedContent, signedBy, size, updatedAt, updatedBy } = row;
  const { identifier: _identifier, createdAt: _createdAt, ...changes } = row;
  const kept = { identifier, version, uuid, digest, sealedContent, signedBy, size };
  try {
    await applyTogether(db, [
      // Fails if the version already exists, and the whole batch with it.
      db.insert(profileVersions).values({ ...kept, savedAt: updatedAt, savedBy: updatedBy }),
      db.insert(profiles).values(row).onConflictDoUpdate({ target: profiles.identifier, set: changes }),
      db.delete(profileVersions).where(
        and(
          eq(profileVersions.identifier, identifier),
          lte(profileVersions.version, version - versionsKept),
          // Devices that a rollout has not reached still have it.
          sql`version NOT IN (SELECT former ->> '$.version' FROM rollout_items
              WHERE open = 1 AND kind = 'profile' AND rollout_items.identifier = ${identifier})`,
        ),
      ),
      ...more,
    ]);
    return true;
  } catch (fault) {
    if (await findProfileVersion(db, identifier, version)) return false;
    throw fault;
  }
}

export const setProfileEncrypted = async (db: Db, identifier: string, encrypted: boolean): Promise<void> => {
  await db.update(profiles).set({ encrypted }).where(eq(profiles.identifier, identifier));
};

export type ProfileUses = { sets: string[]; declarations: string[] };

const mostUses = 20;

/** The users of a profile: a few of each kind, for a person to read. */
export async function usesOfProfile(db: Db, identifier: string): Promise<ProfileUses> {
  const [sets, declarations] = await read(() =>
    db.batch([
      db
        .select({ name: setMembers.setName })
        .from(setMembers)
        .where(and(eq(setMembers.kind, "profile"), eq(setMembers.identifier, identifier)))
        .limit(mostUses),
      db
        .select({ name: declarationReferences.identifier })
        .from(declarationReferences)
        .where(and(eq(declarationReferences.kind, "profile"), eq(declarationReferences.refersTo, identifier)))
        .limit(mostUses),
    ]),
  );
  return { sets: sets.map(({ name }) => name), declarations: declarations.map(({ name }) => name) };
}

/** Deletes it with all versions, unless a set or a declaration uses it, which may be new since the last check. */
export async function deleteProfile(db: Db, identifier: string): Promise<void> {
  const held = db
    .select({ one: sql`1` })
    .from(setMembers)
    .where(and(eq(setMembers.kind, "profile"), eq(setMembers.identifier, identifier)));
  const referred = db
    .select({ one: sql`1` })
    .from(declarationReferences)
    .where(and(eq(declarationReferences.kind, "profile"), eq(declarationReferences.refersTo, identifier)));
  // Devices that the rollout of its removal has not reached still have it.
  const leaving = sql`NOT EXISTS (SELECT 1 FROM rollout_items WHERE open = 1 AND kind = 'profile'
    AND change = 'removed' AND identifier = ${identifier})`;
  const unused = and(notExists(held), notExists(referred), leaving);
  await applyTogether(db, [
    db.delete(profileVersions).where(and(eq(profileVersions.identifier, identifier), unused)),
    db.delete(profiles).where(and(eq(profiles.identifier, identifier), unused)),
  ]);
}
