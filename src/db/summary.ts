import { eq, sql } from "drizzle-orm";
import { day } from "../base/time.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";
import { summaries } from "./schema/summaries.ts";

/**
 * The fleet in numbers. A page of devices is counted by one statement into groups of equal devices, and the groups are
 * added to a tally: the same for a small fleet, which is one page, and for a job that walks a large one.
 */
export const silentDays = [7, 30, 90] as const;

export type FleetTally = {
  states: Record<string, number>;
  /** The rest is of enrolled devices alone. */
  platforms: Record<string, number>;
  /** Platform and version, parted by a space. */
  systems: Record<string, number>;
  encrypted: Record<"yes" | "no" | "unknown", number>;
  /** Not seen for more than so many days. */
  silent: Record<(typeof silentDays)[number], number>;
  /** With a profile, a declaration or an app that failed: those that the list shows by `failed`. */
  failed: number;
};

export const emptyTally = (): FleetTally => ({
  states: {},
  platforms: {},
  systems: {},
  encrypted: { yes: 0, no: 0, unknown: 0 },
  silent: { 7: 0, 30: 0, 90: 0 },
  failed: 0,
});

type Group = {
  state: string;
  platform: string | null;
  os_version: string | null;
  encrypted: number | null;
  silent: number;
  failed: number;
  devices: number;
  last: string;
};

/** How many devices are counted for one answer, and in one page of the job. */
export const summaryPage = 2_000;
/** Of a fleet that tells ever other versions, the rest is counted as one. */
const mostSystems = 300;

/** The devices behind this one; `last` is where to go on, undefined at the end. */
export async function tallyPage(
  db: Db,
  tally: FleetTally,
  after: string,
  now: number,
  size = summaryPage,
): Promise<{ tally: FleetTally; last: string | undefined }> {
  const seconds = silentDays.map((days) => sql`(seen_key < ${now - days * day})`);
  const failing = sql`EXISTS (SELECT 1 FROM profile_states AS had WHERE had.device_id = page.id AND had.state = 'failed')
    OR EXISTS (SELECT 1 FROM declaration_states AS had WHERE had.device_id = page.id AND had.state = 'invalid')
    OR EXISTS (SELECT 1 FROM app_states AS had WHERE had.device_id = page.id AND had.state = 'failed')`;
  const groups = await read(() =>
    db.all<Group>(sql`
      SELECT state, platform, os_version, encrypted, silent, failed, count(*) AS devices, max(id) AS last FROM (
        SELECT id, state, platform, os_version, encrypted, ${sql.join(seconds, sql` + `)} AS silent, ${failing} AS failed
        FROM (SELECT * FROM devices WHERE id > ${after} ORDER BY id LIMIT ${size}) AS page)
      GROUP BY state, platform, os_version, encrypted, silent, failed`),
  );
  const counted = groups.reduce((sum, { devices }) => sum + devices, 0);
  const last = groups
    .map((group) => group.last)
    .sort(byBytes)
    .at(-1);
  return { tally: groups.reduce(added, tally), last: counted === size ? last : undefined };
}

// As SQLite orders text.
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

function added(tally: FleetTally, group: Group): FleetTally {
  const { state, devices } = group;
  const states = more(tally.states, state, devices);
  if (state !== "enrolled") return { ...tally, states };
  const platform = group.platform ?? "unknown";
  const system = `${platform} ${group.os_version ?? "unknown"}`;
  const isKnown = system in tally.systems || Object.keys(tally.systems).length < mostSystems;
  const encrypted = group.encrypted === null ? "unknown" : group.encrypted ? "yes" : "no";
  const silent = { ...tally.silent };
  for (const days of silentDays.slice(0, group.silent)) silent[days] += devices;
  return {
    states,
    platforms: more(tally.platforms, platform, devices),
    systems: more(tally.systems, isKnown ? system : "other other", devices),
    encrypted: { ...tally.encrypted, [encrypted]: tally.encrypted[encrypted] + devices },
    silent,
    failed: tally.failed + (group.failed ? devices : 0),
  };
}

const more = (counts: Record<string, number>, name: string, by: number): Record<string, number> => ({
  ...counts,
  [name]: (counts[name] ?? 0) + by,
});

const only = "fleet";

export const keepSummary = (db: Db, tally: FleetTally, countedAt: number) => {
  const row = { id: only, tally: JSON.stringify(tally), countedAt };
  return db.insert(summaries).values(row).onConflictDoUpdate({ target: summaries.id, set: row });
};

export async function keptSummary(db: Db): Promise<{ tally: FleetTally; countedAt: number } | undefined> {
  const [row] = await read(() => db.select().from(summaries).where(eq(summaries.id, only)));
  return row && { tally: JSON.parse(row.tally) as FleetTally, countedAt: row.countedAt };
}
