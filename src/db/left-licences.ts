import { sql } from "drizzle-orm";
import type { LicenceHolder } from "../apps-and-books/assignment.ts";
import type { Statement } from "./directory.ts";
import { giveUp } from "./give-up-licences.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";

/**
 * Licences of those who left: of devices by a serial number that is proven, and that no other device of this server has; of
 * people none of whose devices is enrolled any more.
 */
export type HolderKind = LicenceHolder["kind"];

/** Who has licences, in the order of names: one page. */
export async function holdersOf(db: Db, kind: HolderKind, after: string, limit: number): Promise<string[]> {
  const rows = await read(() =>
    db.all<{ holder: string }>(sql`SELECT DISTINCT holder FROM licences
      WHERE holder_kind = ${kind} AND holder > ${after} ORDER BY holder LIMIT ${limit}`),
  );
  return rows.map(({ holder }) => holder);
}

export type LeftHolder = { holder: string; leftAt: number };

/**
 * Those of them that left before `before`. Where a device claims the number, or is the person's, and is enrolled, about to
 * be, or left later, the licences stay: a licence that is freed too late costs less than one freed too early.
 */
export const leftAmong = (
  db: Db,
  kind: HolderKind,
  holders: readonly string[],
  before: number,
): Promise<LeftHolder[]> => {
  const theirs = kind === "device" ? sql`devices.serial` : sql`devices.person_id`;
  const isProven =
    kind === "device"
      ? sql`max(coalesce(proven ->> '$.serial_number', 'disputed') <> 'disputed') = 1`
      : sql`true`;
  return read(() =>
    db.all<LeftHolder>(sql`
      SELECT value AS holder, max(unenrolled_at) AS leftAt
      FROM json_each(${JSON.stringify(holders)}) JOIN devices ON ${theirs} = value
      GROUP BY value
      HAVING min(state IN ('unenrolled', 'erased')) = 1 AND max(coalesce(unenrolled_at, ${before})) < ${before}
        AND ${isProven}`),
  );
};

/** By whom a licence is given up, when nobody did it by hand. */
export const wantedByLeaving = "left";

/**
 * What these have in a location, and Apple takes back. What somebody wanted for them after they left stays. People lose
 * only what an app wanted for them: what was given to them by hand is theirs.
 */
const givenUp = (
  kind: HolderKind,
  left: readonly LeftHolder[],
) => sql`holder_kind = ${kind} AND intent IS NOT 'free'
  AND EXISTS (SELECT 1 FROM json_each(${JSON.stringify(left)}) WHERE value ->> 'holder' = holder
    AND (intent IS NULL OR intent_at <= value ->> 'leftAt'))
  AND (holder_kind = 'device' OR intent_by LIKE 'app:%')
  AND EXISTS (SELECT 1 FROM content_assets AS asset WHERE asset.location = licences.location
    AND asset.adam_id = licences.adam_id AND asset.pricing = licences.pricing AND asset.is_revocable = 1)`;

/** Each location where these have something to give up. */
export async function locationsOfLeft(
  db: Db,
  kind: HolderKind,
  left: readonly LeftHolder[],
): Promise<string[]> {
  const names = JSON.stringify(left.map(({ holder }) => holder));
  const rows = await read(() =>
    db.all<{ location: string }>(sql`SELECT DISTINCT location FROM licences
      WHERE holder IN (SELECT value FROM json_each(${names})) AND ${givenUp(kind, left)}`),
  );
  return rows.map(({ location }) => location);
}

export function giveUpOfLeft(
  db: Db,
  location: string,
  kind: HolderKind,
  left: readonly LeftHolder[],
  now: number,
): Statement[] {
  const names = JSON.stringify(left.map(({ holder }) => holder));
  const which = sql`location = ${location} AND holder IN (SELECT value FROM json_each(${names})) AND ${givenUp(kind, left)}`;
  return giveUp(db, which, wantedByLeaving, now);
}
