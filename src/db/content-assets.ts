import { and, asc, eq, lt, sql } from "drizzle-orm";
import type { AssetKey, ContentAsset } from "../apps-and-books/asset.ts";
import { chunks } from "./batch.ts";
import type { Statement } from "./directory.ts";
import { keyAfter } from "./keyset.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { contentAssets, contentLocations, storeItems } from "./schema/licences.ts";

export type ContentAssetRow = typeof contentAssets.$inferSelect;

const rowsAStatement = 500;

const excluded = {
  kind: sql`excluded.kind`,
  platforms: sql`excluded.platforms`,
  isForDevices: sql`excluded.is_for_devices`,
  isRevocable: sql`excluded.is_revocable`,
  total: sql`excluded.total`,
  assigned: sql`excluded.assigned`,
  available: sql`excluded.available`,
  retired: sql`excluded.retired`,
  seenAt: sql`excluded.seen_at`,
};

export const saveAssets = (
  db: Db,
  location: string,
  assets: readonly ContentAsset[],
  now: number,
): Statement[] =>
  chunks(assets, rowsAStatement).map((some) => {
    const json = JSON.stringify(
      some.map((asset) => [
        asset.adamId,
        asset.pricing,
        asset.kind,
        asset.platforms,
        Number(asset.isForDevices),
        Number(asset.isRevocable),
        asset.total,
        asset.assigned,
        asset.available,
        asset.retired,
      ]),
    );
    return db
      .insert(contentAssets)
      .select(
        sql`SELECT ${location}, value->>0, value->>1, value->>2, value->3, value->>4, value->>5, value->>6, value->>7, value->>8, value->>9, ${now}, NULL
          FROM json_each(${json}) WHERE true`,
      )
      .onConflictDoUpdate({
        target: [contentAssets.location, contentAssets.adamId, contentAssets.pricing],
        set: excluded,
      });
  });

/** Those that a list of all did not show are no longer the location's. */
export const dropAssetsUnseen = (db: Db, location: string, before: number): Statement =>
  db.delete(contentAssets).where(and(eq(contentAssets.location, location), lt(contentAssets.seenAt, before)));

const isAsset = (location: string, { adamId, pricing }: AssetKey) =>
  and(
    eq(contentAssets.location, location),
    eq(contentAssets.adamId, adamId),
    eq(contentAssets.pricing, pricing),
  );

/** Bought, given to another location, or refunded. Changes come in any order, so a count may be below zero for a while. */
export const countAsset = (db: Db, location: string, asset: AssetKey, delta: number): Statement =>
  db
    .update(contentAssets)
    .set({
      total: sql`${contentAssets.total} + ${delta}`,
      available: sql`${contentAssets.available} + ${delta}`,
    })
    .where(isAsset(location, asset));

/** So many more went to somebody; fewer than none came back. */
export const countAssigned = (db: Db, location: string, asset: AssetKey, delta: number): Statement =>
  db
    .update(contentAssets)
    .set({
      assigned: sql`${contentAssets.assigned} + ${delta}`,
      available: sql`${contentAssets.available} - ${delta}`,
    })
    .where(isAsset(location, asset));

/**
 * Where Apple counts more or fewer than are known to be held, all assignments are read: the changes that Apple lists do not
 * show what is there no more.
 */
export const readAllWhereCountsDiffer = (db: Db, location: string, now: number): Statement =>
  db
    .update(contentLocations)
    .set({ assignmentsDueAt: now, fullDueAt: now })
    .where(
      sql`name = ${location} AND EXISTS (SELECT 1 FROM content_assets WHERE location = ${location} AND assigned <> ${heldOfAsset})`,
    );

/** How many licences of this row's asset are known to be held. */
const heldOfAsset = sql`(SELECT count(*) FROM licences WHERE licences.location = content_assets.location
  AND licences.adam_id = content_assets.adam_id AND licences.pricing = content_assets.pricing AND licences.held_at IS NOT NULL)`;

/** All assignments were just read: what Apple counted shortly before should be as many. */
export const noteContradictions = (db: Db, location: string, countedAfter: number, now: number): Statement =>
  db
    .update(contentAssets)
    .set({
      differsSince: sql`CASE WHEN assigned <> ${heldOfAsset} THEN coalesce(differs_since, ${now}) END`,
    })
    .where(sql`location = ${location} AND seen_at >= ${countedAfter}`);

/** The counts were just read, and fit again. */
export const endContradictions = (db: Db, location: string): Statement =>
  db
    .update(contentAssets)
    .set({ differsSince: null })
    .where(sql`location = ${location} AND differs_since IS NOT NULL AND assigned = ${heldOfAsset}`);

export type Contradiction = {
  location: string;
  adamId: string;
  name: string | null;
  assigned: number;
  held: number;
};

/** Where Apple's counts and lists have contradicted each other since before that time. */
export const listContradictions = (db: Db, before: number, limit: number): Promise<Contradiction[]> =>
  read(() =>
    db.all<Contradiction>(sql`
      SELECT location, adam_id AS adamId, assigned, ${heldOfAsset} AS held,
        (SELECT name FROM store_items WHERE store_items.adam_id = content_assets.adam_id LIMIT 1) AS name
      FROM content_assets WHERE differs_since < ${before} ORDER BY location, adam_id LIMIT ${limit}`),
  );

export const findAsset = (db: Db, location: string, asset: AssetKey): Promise<ContentAssetRow | undefined> =>
  read(() => db.select().from(contentAssets).where(isAsset(location, asset)).get());

/** With what the store says of each, in that country. */
export const listAssets = (
  db: Db,
  location: string,
  country: string,
  limit: number,
  after: readonly [adamId: string, pricing: string] | undefined,
) =>
  read(() =>
    db
      .select({ asset: contentAssets, item: storeItems })
      .from(contentAssets)
      .leftJoin(storeItems, and(eq(storeItems.adamId, contentAssets.adamId), eq(storeItems.country, country)))
      .where(
        and(
          eq(contentAssets.location, location),
          keyAfter([contentAssets.adamId, contentAssets.pricing], after),
        ),
      )
      .orderBy(asc(contentAssets.adamId), asc(contentAssets.pricing))
      .limit(limit)
      .all(),
  );
