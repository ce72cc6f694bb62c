import { and, asc, eq, getTableColumns, gt, type SQL, sql } from "drizzle-orm";
import { applyTogether, type Statement } from "./directory.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { libraryApps } from "./schema/apps.ts";
import { contentAssets, storeItems } from "./schema/licences.ts";
import { setMembers } from "./schema/sets.ts";

/** The library of apps. */
export type AppRow = typeof libraryApps.$inferSelect;

const { sealedConfiguration: _sealed, ...withoutConfiguration } = getTableColumns(libraryApps);

/** Without the configuration itself, and with what the store says of the app. */
export type AppEntry = Omit<AppRow, "sealedConfiguration"> & {
  store: {
    title: string | null;
    bundleId: string | null;
    version: string | null;
    iconUrl: string | null;
  } | null;
  /** What the location has of it. */
  asset: { platforms: string[]; isForDevices: boolean } | null;
};

const entryColumns = {
  ...withoutConfiguration,
  store: {
    title: storeItems.name,
    bundleId: storeItems.bundleId,
    version: storeItems.version,
    iconUrl: storeItems.iconUrl,
  },
  asset: { platforms: contentAssets.platforms, isForDevices: contentAssets.isForDevices },
};

/** Of the country of the location that has it. */
const inStore: SQL = sql`${storeItems.adamId} = ${libraryApps.adamId} AND ${storeItems.country} =
  (SELECT coalesce(country, 'US') FROM content_locations WHERE name = ${libraryApps.location})`;
const inLocation: SQL = sql`${contentAssets.location} = ${libraryApps.location}
  AND ${contentAssets.adamId} = ${libraryApps.adamId} AND ${contentAssets.pricing} = 'STDQ'`;

const entries = (db: Db) =>
  db.select(entryColumns).from(libraryApps).leftJoin(storeItems, inStore).leftJoin(contentAssets, inLocation);

export const listApps = (db: Db, limit: number, after: string | undefined): Promise<AppEntry[]> =>
  read(() =>
    entries(db)
      .where(after === undefined ? undefined : gt(libraryApps.name, after))
      .orderBy(asc(libraryApps.name))
      .limit(limit),
  );

export const findAppEntry = (db: Db, name: string): Promise<AppEntry | undefined> =>
  read(() => entries(db).where(eq(libraryApps.name, name)).get());

export const findApp = (db: Db, name: string): Promise<AppRow | undefined> =>
  read(() => db.select().from(libraryApps).where(eq(libraryApps.name, name)).get());

/** False, and nothing is written, if another request wrote that version first. */
export async function putApp(db: Db, row: AppRow, more: readonly Statement[]): Promise<boolean> {
  const { name: _, createdAt: __, ...changes } = row;
  const isNext = sql`${libraryApps.version} = ${row.version - 1}`;
  await applyTogether(db, [
    db
      .insert(libraryApps)
      .values(row)
      .onConflictDoUpdate({ target: libraryApps.name, set: changes, setWhere: isNext }),
    ...more,
  ]);
  const written = await findApp(db, row.name);
  return written?.version === row.version && written.updatedAt === row.updatedAt;
}

const mostUses = 20;

/** The sets that have an app: a few, for a person to read. */
export async function setsOfApp(db: Db, name: string): Promise<string[]> {
  const rows = await read(() =>
    db
      .select({ set: setMembers.setName })
      .from(setMembers)
      .where(and(eq(setMembers.kind, "app"), eq(setMembers.identifier, name)))
      .orderBy(asc(setMembers.setName))
      .limit(mostUses),
  );
  return rows.map(({ set }) => set);
}

/** Unless a set has it, which may be new since the last check. */
export const deleteApp = (db: Db, name: string): Statement =>
  db
    .delete(libraryApps)
    .where(
      sql`${libraryApps.name} = ${name} AND NOT EXISTS (SELECT 1 FROM set_members WHERE kind = 'app' AND identifier = ${name})`,
    );
