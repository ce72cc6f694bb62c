import { type SQL, sql } from "drizzle-orm";
import type { DeviceFilters } from "./device-filters.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import type { devices } from "./schema/devices.ts";

type Platform = NonNullable<(typeof devices.$inferSelect)["platform"]>;

/** How many holders of a set, and how many user enrollments, one question looks at. */
const most = 10_000;

/** The platforms of the devices that their users enrolled and that have one of these sets, or that its filter may match. */
export const platformsOfUserEnrolled = (db: Db, setNames: readonly string[]): Promise<Platform[]> =>
  platformsAmong(db, setNames, sql`kind = 'user'`, mayBeUserEnrolled);

/** The same of all enrolled devices. */
export const platformsReached = (db: Db, setNames: readonly string[]): Promise<Platform[]> =>
  platformsAmong(db, setNames, sql`state = 'enrolled'`, () => true);

async function platformsAmong(
  db: Db,
  setNames: readonly string[],
  such: SQL,
  mayMatch: (rule: DeviceFilters) => boolean,
): Promise<Platform[]> {
  if (setNames.length === 0) return [];
  const [holders, everyone, filters] = await read(() =>
    Promise.all([
      db.all<{ platform: Platform }>(sql`
        SELECT DISTINCT platform FROM devices
        JOIN (SELECT device_id FROM channel_sets
          WHERE set_name IN (SELECT value FROM json_each(${JSON.stringify(setNames)})) LIMIT ${most}) ON device_id = id
        WHERE ${such} AND state = 'enrolled' AND platform IS NOT NULL`),
      db.all<{ platform: Platform }>(sql`
        SELECT DISTINCT platform FROM (SELECT platform FROM devices WHERE ${such} LIMIT ${most})
        WHERE platform IS NOT NULL`),
      db.all<{ rule: string }>(sql`
        SELECT rule FROM sets
        WHERE rule IS NOT NULL AND name IN (SELECT value FROM json_each(${JSON.stringify(setNames)}))`),
    ]),
  );
  const rules = filters.map(({ rule }) => JSON.parse(rule) as DeviceFilters).filter(mayMatch);
  const matched = everyone.filter(({ platform }) =>
    rules.some((rule) => rule.platform === undefined || rule.platform === platform),
  );
  return [...new Set([...holders, ...matched].map(({ platform }) => platform))].sort();
}

/** Nobody can supervise such a device, and it tells no serial number. */
const mayBeUserEnrolled = ({ kind, supervised, serial }: DeviceFilters): boolean =>
  (kind === undefined || kind === "user") && supervised !== true && serial === undefined;
