import { hour } from "../base/time.ts";
import type { Db } from "../db/open.ts";
import { findReading, type SignedSystemRow } from "../db/signed-systems.ts";
import type { ReleaseRow } from "../db/software-updates.ts";
import { lanesOf } from "../gdmf/newest.ts";
import { isGone } from "./reconcile.ts";

/** The newest system of a platform, for models that have the same. */
export type Latest = {
  version: string;
  versionKey: number;
  /** For a day that Apple names: its beginning in UTC. */
  releasedAt: number;
  /** As Apple calls them for updates; null: all that no other one names. */
  models: string[] | null;
};

/**
 * By Apple's list where there is one, and by what a person said of a release, which stands before it: its date, or that a newer
 * one is out. Without the list it is the newest that anybody said, or that a device has. Newest first.
 */
export function pickLatest(
  systems: readonly SignedSystemRow[],
  newest: ReleaseRow | undefined,
  now: number,
): Latest[] {
  const managed = systems.filter((row) => row.list === "managed" && !isGone(row, now));
  const lanes = lanesOf(managed, now).map(
    ({ system, models }, index): Latest => ({
      version: system.version,
      versionKey: system.versionKey,
      releasedAt: Date.parse(firstDayOf(system.version, systems)),
      models: index === 0 ? null : models,
    }),
  );
  const [top, ...rest] = lanes;
  if (newest === undefined) return lanes;
  const said: Latest = { ...newest, models: null };
  if (top === undefined) return [said];
  const isBefore = newest.source === "given" && newest.versionKey >= top.versionKey;
  return isBefore ? [said, ...rest] : lanes;
}

/** The same version may bear other days on other lists and builds. */
const firstDayOf = (version: string, systems: readonly SignedSystemRow[]): string =>
  systems
    .filter((row) => row.version === version && row.supplement === "")
    .map(({ firstPostedOn }) => firstPostedOn)
    .reduce((one, other) => (other < one ? other : one));

const staleAfter = 48 * hour;

/** How old the list is, and why, for those who must know. */
export type ListState = {
  takenAt: number | null;
  triedAt: number | null;
  trouble: string | null;
  isStale: boolean;
};

export async function listState(db: Db, now: number): Promise<ListState> {
  const row = await findReading(db);
  const takenAt = row?.takenAt ?? null;
  return {
    takenAt,
    triedAt: row?.triedAt ?? null,
    trouble: row?.trouble ?? null,
    isStale: takenAt === null ? row !== undefined : now - takenAt > staleAfter,
  };
}
