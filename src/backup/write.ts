import { mapInFlight } from "../base/in-flight.ts";
import { listTables, readPage as readRows } from "../db/backup.ts";
import { walkDirectory } from "../db/fleet.ts";
import { openDb } from "../db/open.ts";
import { noteBackup } from "../db/problem-facts.ts";
import type { PortableDevice } from "../device/transfer/portable.ts";
import { askDevice } from "../jobs/ask-device.ts";
import { masterKeys } from "../pki/master.ts";
import { type Cursor, type Line, lineOf, mostOnAPage, type Place, version, writeCursor } from "./format.ts";

/**
 * Everything that must not be lost with the Cloudflare account, page by page: the devices' objects, then the tables.
 * Secrets stay sealed, so the file is useless without the MASTER_KEY.
 *
 * A new table is included automatically; tables that are left out are listed here with the reason.
 */
export const leftOut: Readonly<Record<string, string>> = {
  idempotency_keys: "answers stored for a day",
  events: "history",
  commands: "history",
  audit_entries: "history",
  package_uploads: "under way; the bucket that has their parts is not in a backup",
  package_parts: "the same",
  master_keys: "markers of the keys of this deployment; a restore makes its own",
  restores: "what was restored into this deployment",
  backups_made: "the backups of this deployment",
  problems: "found again",
  profile_states: "reported by devices' objects, counted again after a restore",
  declaration_states: "reported by devices' objects, counted again after a restore",
  status_values: "reported by devices' objects, counted again after a restore",
  assignment_changes: "notes for devices, which reconcile by themselves after a restore",
};

const rowsAQuery = 100;
const mostInFlight = 25;

export async function writeBackupPage(env: Env, cursor: Cursor | undefined, now: number): Promise<string> {
  const tables = (await listTables(env.DB)).filter((table) => !Object.hasOwn(leftOut, table));
  const { current } = await masterKeys(env);
  const here: Cursor = cursor ?? {
    backup: crypto.randomUUID(),
    created_at: new Date(now).toISOString(),
    page: 0,
    place: { walk: "devices", after: "" },
  };
  const { backup, created_at, page } = here;
  const head = { edgemdm_backup: version, backup, page, created_at, master_key: current.id, tables };
  const { lines, next } = await fill(env, tables, here.place);
  const next_cursor = next ? writeCursor({ backup, created_at, page: page + 1, place: next }) : null;
  // The last page was read, so the backup is complete as far as we know.
  if (next_cursor === null) await noteBackup(openDb(env.DB), backup, now);
  return [lineOf(head), ...lines, lineOf({ next_cursor, lines: lines.length })].join("");
}

/** Reads from table to table until the page is full. */
async function fill(env: Env, tables: readonly string[], from: Place) {
  const lines: string[] = [];
  const isFull = () =>
    lines.length >= mostOnAPage.rows ||
    lines.reduce((sum, { length }) => sum + length, 0) >= mostOnAPage.characters;
  let place: Place | undefined = from;
  while (place !== undefined && !isFull()) {
    const isDevices: boolean = place.walk === "devices";
    const read: Read = isDevices
      ? await readDevices(env, tables, place)
      : await readTable(env, tables, place);
    lines.push(...read.lines.map(lineOf));
    place = read.next;
    // Asking objects costs more than reading rows, and empty objects fill no page: one round is enough.
    if (isDevices && read.next?.walk === "devices") return { lines, next: read.next };
  }
  return { lines, next: place };
}

type Read = { lines: Line[]; next: Place | undefined };

async function readDevices(env: Env, tables: readonly string[], place: Place): Promise<Read> {
  const { devices: limit } = mostOnAPage;
  const listed = await walkDirectory(openDb(env.DB), String(place.after), limit);
  const answers = await mapInFlight(listed, mostInFlight, async ({ id }): Promise<Line[]> => {
    const state = await askDevice(env, id, (device): Promise<PortableDevice | undefined> => device.export());
    if (!state.ok) return [{ unread: id, detail: state.refusal.detail }];
    return state.value ? [{ device: state.value }] : [];
  });
  const last = listed.length === limit ? listed.at(-1) : undefined;
  return { lines: answers.flat(), next: last ? { walk: "devices", after: last.id } : tableAt(tables, 0) };
}

async function readTable(env: Env, tables: readonly string[], place: Place): Promise<Read> {
  const index = place.walk === "tables" ? tables.indexOf(place.table) : -1;
  const table = tables[index];
  if (table === undefined) return { lines: [], next: undefined };
  const { rows, last } = await readRows(env.DB, table, Number(place.after), rowsAQuery);
  const next =
    last === undefined ? tableAt(tables, index + 1) : ({ walk: "tables", table, after: last } as const);
  return { lines: rows.map((row) => ({ table, row })), next };
}

const tableAt = (tables: readonly string[], index: number): Place | undefined => {
  const table = tables[index];
  return table === undefined ? undefined : { walk: "tables", table, after: 0 };
};
