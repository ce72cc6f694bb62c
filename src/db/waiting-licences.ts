import { type SQL, sql } from "drizzle-orm";
import type { AssetKey } from "../apps-and-books/asset.ts";
import type { Statement } from "./directory.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { licences } from "./schema/licences.ts";

// Licences of which Apple had too few: nothing is asked before there may be more.

/** Which assets these rows are of. */
export const assetsOf = (which: SQL): SQL => sql`SELECT adam_id, pricing FROM licences WHERE ${which}`;

/** More licences of it may be there: what waited for them is tried again. */
export const tryAgainFor = (
  db: Db,
  location: string,
  { adamId, pricing }: AssetKey,
  now: number,
): Statement => tryAgain(db, location, sql`VALUES (${adamId}, ${pricing})`, now);

/** After the counts were read: what waited for licences, of assets that have some. */
export const tryAgainWhereAvailable = (db: Db, location: string, now: number): Statement =>
  tryAgain(
    db,
    location,
    sql`SELECT adam_id, pricing FROM content_assets WHERE location = ${location} AND available > 0`,
    now,
  );

/**
 * Those who waited longest, and no more than there are licences: Apple gives none where it has too few for all of a request.
 * One always, because a licence may be free before its count is known.
 */
export const tryAgain = (db: Db, location: string, assets: SQL, now: number): Statement =>
  db
    .update(licences)
    .set({ dueAt: now })
    .where(
      sql`rowid IN (SELECT id FROM (
        SELECT waiting.rowid AS id, available,
          row_number() OVER (PARTITION BY waiting.adam_id, waiting.pricing ORDER BY intent_at, holder) AS place
        FROM licences AS waiting LEFT JOIN content_assets USING (location, adam_id, pricing)
        WHERE waiting.location = ${location} AND trouble IS NOT NULL AND trouble->>'reason' = 'not-enough-licences' AND order_id IS NULL
          AND (waiting.adam_id, waiting.pricing) IN (${assets}))
        WHERE place <= max(1, coalesce(available, 1)))`,
    );

export type MissingLicences = { location: string; adamId: string; name: string | null; count: number };

/** How many licences each app lacks, by the rows that wait for some. */
export const listMissing = (db: Db, limit: number): Promise<MissingLicences[]> =>
  read(() =>
    db.all<MissingLicences>(sql`
      SELECT location, adam_id AS adamId, count(*) AS count,
        (SELECT name FROM store_items WHERE store_items.adam_id = licences.adam_id LIMIT 1) AS name
      FROM licences WHERE trouble IS NOT NULL AND trouble->>'reason' = 'not-enough-licences'
      GROUP BY location, adam_id ORDER BY location, adam_id LIMIT ${limit}`),
  );
