import { and, asc, desc, eq, gt, sql } from "drizzle-orm";
import { countRulesUp } from "./ade-accounts.ts";
import { among } from "./batch.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import {
  adeProfileDefinitions as definitions,
  adeProfiles as profiles,
  adeProfileVersions as versions,
} from "./schema/ade.ts";

export type AdeProfileVersionRow = typeof versions.$inferSelect;
export type DefinitionRow = typeof definitions.$inferSelect;

const isCurrent = and(eq(versions.name, profiles.name), eq(versions.version, profiles.version));

/** In the order of names, as they are now. */
export const listProfiles = (
  db: Db,
  limit: number,
  after: string | undefined,
): Promise<AdeProfileVersionRow[]> =>
  read(async () => {
    const rows = await db
      .select({ row: versions })
      .from(profiles)
      .innerJoin(versions, isCurrent)
      .where(after === undefined ? undefined : gt(profiles.name, after))
      .orderBy(asc(profiles.name))
      .limit(limit);
    return rows.map(({ row }) => row);
  });

/** The present version, or an older one. */
export async function findProfile(
  db: Db,
  name: string,
  version?: number,
): Promise<AdeProfileVersionRow | undefined> {
  const found = await read(() =>
    version === undefined
      ? db
          .select({ row: versions })
          .from(profiles)
          .innerJoin(versions, isCurrent)
          .where(eq(profiles.name, name))
          .get()
      : db
          .select({ row: versions })
          .from(versions)
          .where(and(eq(versions.name, name), eq(versions.version, version)))
          .get(),
  );
  return found?.row;
}

/** Newest first. */
export const listVersions = (
  db: Db,
  name: string,
  limit: number,
  before: number | undefined,
): Promise<AdeProfileVersionRow[]> =>
  read(() =>
    db
      .select()
      .from(versions)
      .where(
        and(eq(versions.name, name), before === undefined ? undefined : sql`${versions.version} < ${before}`),
      )
      .orderBy(desc(versions.version))
      .limit(limit),
  );

/** Which accounts have a version at Apple, and under which UUID. */
export const definitionsOf = (db: Db, name: string, version: number): Promise<DefinitionRow[]> =>
  read(() =>
    db
      .select()
      .from(definitions)
      .where(and(eq(definitions.name, name), eq(definitions.version, version)))
      .orderBy(asc(definitions.account))
      .all(),
  );

/** By name: the UUID under which an account has the present version. */
export async function definedProfiles(db: Db, account: string): Promise<Map<string, string>> {
  const rows = await read(() =>
    db
      .select({ name: profiles.name, uuid: definitions.profileUuid })
      .from(definitions)
      .innerJoin(
        profiles,
        and(eq(profiles.name, definitions.name), eq(profiles.version, definitions.version)),
      )
      .where(eq(definitions.account, account))
      .all(),
  );
  return new Map(rows.map(({ name, uuid }) => [name, uuid]));
}

export const addDefinition = (db: Db, row: DefinitionRow) =>
  db.insert(definitions).values(row).onConflictDoNothing();

export const forgetDefinition = (db: Db, account: string, profileUuid: string) =>
  db
    .delete(definitions)
    .where(and(eq(definitions.account, account), eq(definitions.profileUuid, profileUuid)));

/** The next version, with what Apple calls it; every device is looked at again. False: another version came between. */
export async function putProfile(
  db: Db,
  row: AdeProfileVersionRow,
  defined: readonly DefinitionRow[],
): Promise<boolean> {
  const { name, version, createdAt, createdBy } = row;
  const columns = { version, updatedAt: createdAt, updatedBy: createdBy };
  try {
    await db.batch([
      // Its key refuses a second one of the same number, and with it all the rest.
      db.insert(versions).values(row),
      db
        .insert(profiles)
        .values({ name, ...columns })
        .onConflictDoUpdate({ target: profiles.name, set: columns }),
      ...defined.map((one) => addDefinition(db, one)),
      countRulesUp(db),
    ]);
    return true;
  } catch (fault) {
    if (await findProfile(db, name, version)) return false;
    throw fault;
  }
}

/** Versions and definitions stay, to explain what devices have; the next of this name counts on from them. */
export async function deleteProfile(db: Db, name: string): Promise<boolean> {
  const gone = await db.delete(profiles).where(eq(profiles.name, name)).returning({ name: profiles.name });
  return gone.length > 0;
}

/** 0: there was none of this name ever. */
export async function lastVersion(db: Db, name: string): Promise<number> {
  const [row] = await listVersions(db, name, 1, undefined);
  return row?.version ?? 0;
}

/** Those of these names that there are. */
export async function existingProfiles(db: Db, names: readonly string[]): Promise<Set<string>> {
  const rows = await read(() =>
    db
      .select({ name: profiles.name })
      .from(profiles)
      .where(sql`${profiles.name} IN ${among(names)}`)
      .all(),
  );
  return new Set(rows.map(({ name }) => name));
}

export const findDefinition = (
  db: Db,
  account: string,
  profileUuid: string,
): Promise<DefinitionRow | undefined> =>
  read(() =>
    db
      .select()
      .from(definitions)
      .where(and(eq(definitions.account, account), eq(definitions.profileUuid, profileUuid)))
      .get(),
  );
