// What one page of the list costs, for each filter: the statements that the API would run are run, timed and explained.
import type { DeviceFilters } from "../../src/db/device-filters.ts";
import { type DevicePlace, listDevices } from "../../src/db/device-list.ts";
import { openDb } from "../../src/db/open.ts";
import { planOf, recordingDatabase } from "../../test/support/recording-database.ts";

export type Figures = {
  title: string;
  items: number;
  rowsRead: number;
  ms: number;
  /** The steps of SQLite's plan that walk a table. */
  walks: string;
  indexed: boolean;
};

const limit = 51;
const latePage = 40;
const day = 24 * 60 * 60 * 1000;

export async function* figuresOf(db: D1Database): AsyncGenerator<Figures> {
  const sample = await sampleOf(db);
  for (const [title, filters] of cases(Date.now(), sample)) {
    yield await measure(db, title, filters, undefined);
    const place = await placeOfPage(db, filters, latePage);
    if (place) yield await measure(db, `${title}, late page`, filters, place);
  }
}

/** A late page must cost no more than the first. Where there are fewer pages, the last one. */
async function placeOfPage(
  db: D1Database,
  filters: DeviceFilters,
  pages: number,
): Promise<DevicePlace | undefined> {
  let place: DevicePlace | undefined;
  for (let page = 1; page < pages; page++) {
    const { rows, stoppedAt } = await listDevices(openDb(db), filters, limit, place);
    const next = stoppedAt ?? (rows.length === limit ? rows.at(-1)?.place : undefined);
    if (next === undefined) return place;
    place = next;
  }
  return place;
}

async function measure(
  db: D1Database,
  title: string,
  filters: DeviceFilters,
  after: DevicePlace | undefined,
): Promise<Figures> {
  const recording = recordingDatabase(db);
  const { rows } = await listDevices(openDb(recording.db), filters, limit, after);
  let [rowsRead, ms] = [0, 0];
  const steps = new Set<string>();
  for (const statement of recording.statements) {
    const { meta } = await db
      .prepare(statement.sql)
      .bind(...statement.params)
      .all<unknown>();
    rowsRead += meta.rows_read;
    ms += meta.duration;
    for (const step of await planOf(db, statement)) if (/^(SCAN|SEARCH)/.test(step)) steps.add(step);
  }
  const unindexed = [...steps].some((step) => /^SCAN (?!json_each|\(|.* USING (COVERING )?INDEX)/.test(step));
  const leading = [...steps][0]?.replace(/^SEARCH \w+ USING (COVERING )?INDEX /, "") ?? "";
  return { title, items: rows.length, rowsRead, ms, walks: leading, indexed: !unindexed };
}

type Sample = { serial: string; user: string };

async function sampleOf(db: D1Database): Promise<Sample> {
  const { results } = await db
    .prepare(
      `SELECT devices.serial AS serial, channels.user_short_name AS user
       FROM channels CROSS JOIN devices ON devices.id = channels.device_id
       WHERE channels.user_short_name > '' LIMIT 1`,
    )
    .bind()
    .all<Sample>();
  return results[0] ?? { serial: "none", user: "none" };
}

const cases = (now: number, { serial, user }: Sample): [string, DeviceFilters][] => [
  ["(none)", {}],
  ["state=enrolled", { state: "enrolled" }],
  ["state=pending", { state: "pending" }],
  ["kind=ade", { kind: "ade" }],
  ["platform=macos", { platform: "macos" }],
  ["os=17.6.1", { osMin: 17_006_001, osMax: 17_006_001 }],
  ["os_min=18", { osMin: 18_000_000 }],
  ["platform=ios&os_max=17", { platform: "ios", osMax: 17_000_000 }],
  ["serial=…", { serial }],
  ["user=…", { user }],
  ["tag=lab", { tag: "lab" }],
  ["set=phones", { set: "phones" }],
  ["app=com.apple.Keynote", { app: "com.apple.Keynote" }],
  ["seen_before=(30 days ago)", { seenBefore: now - 30 * day }],
  ["seen_after=(yesterday)", { seenAfter: now - day }],
  ["search=ada", { words: ["ada"] }],
  ["search=ada garcia mac", { words: ["ada", "garcia", "mac"] }],
  ["search=sn0000", { words: ["sn0000"] }],
  ["state=enrolled&platform=macos&kind=ade", { state: "enrolled", platform: "macos", kind: "ade" }],
  ["state=pending&platform=visionos (rare)", { state: "pending", platform: "visionos" }],
  ["platform=macos&kind=device&tag=kiosk", { platform: "macos", kind: "device", tag: "kiosk" }],
  ["platform=tvos&search=zzz (nothing)", { platform: "tvos", words: ["zzz"] }],
];
