import { mapInFlight } from "../base/in-flight.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { columnsOf, hasRows, listTables, type PlainRow, writeRows } from "../db/backup.ts";
import { openDb } from "../db/open.ts";
import { findRestore, putRestore, type RestoreRow } from "../db/restores.ts";
import { noteKeyInUse, sealingKeys } from "../db/sealing-keys.ts";
import type { ImportRefusal } from "../device/transfer/import.ts";
import type { PortableDevice } from "../device/transfer/portable.ts";
import { askDevice } from "../jobs/ask-device.ts";
import { masterKeys } from "../pki/master.ts";
import { type FormatRefusal, type Head, type Line, type Page, readPage } from "./format.ts";

/**
 * Writes a page of a backup into this deployment. Repeating it is harmless: rows are the same, and an object with data
 * stays unchanged. The whole page is read before anything is written.
 */
export type Restored = {
  backup: string;
  page: number;
  rows: number;
  devices: number;
  /** Devices whose objects already had data and stayed unchanged. */
  kept: number;
  /** Devices that the backup could not read. */
  unread: number;
  /** No page is missing. */
  done: boolean;
};

export type RestoreRefusal =
  | FormatRefusal
  | { reason: "other-master-key"; needed: string; held: string }
  | { reason: "not-empty"; table: string }
  | { reason: "out-of-order"; page: number; expected: number }
  | { reason: "unknown-table" | "unknown-column"; name: string }
  | { reason: "device-refused" | "device-unreachable"; id: string; detail: string };

// A restored directory expects the first event of objects whose sequence starts again.
const countedAnew: Readonly<Record<string, PlainRow>> = { devices: { applied_seq: 0 } };

/** Tables whose rows mean that the deployment is in use. An authority alone does not, because every deployment makes one. */
const signsOfLife = ["devices", "certificates"];

const mostInFlight = 25;
const rowsAWrite = 200;

export async function restorePage(
  env: Env,
  text: string,
  force: boolean,
  now: number,
): Promise<Result<Restored, RestoreRefusal>> {
  const read = readPage(text);
  if (!read.ok) return read;
  const { head, lines, end } = read.value;
  const before = await admitPage(env, head, force, now);
  if (!before.ok) return before;
  const rows = await knownRows(env.DB, read.value);
  if (!rows.ok) return rows;

  const devices = await importDevices(env, lines);
  if (!devices.ok) return devices;
  for (const group of groupsOf(rows.value)) await writeRows(env.DB, group.table, group.columns, group.rows);

  const pages = Math.max(before.value.pages, head.page + 1);
  const done = end.next_cursor === null && pages === head.page + 1;
  await putRestore(openDb(env.DB), { ...before.value, pages, finishedAt: done ? now : null });
  const unread = lines.filter((line) => "unread" in line).length;
  return ok({
    backup: head.backup,
    page: head.page,
    rows: rows.value.length,
    ...devices.value,
    unread,
    done,
  });
}

/** Whether this page may be written now; returns the progress of its backup. */
async function admitPage(
  env: Env,
  head: Head,
  force: boolean,
  now: number,
): Promise<Result<RestoreRow, RestoreRefusal>> {
  const keys = await masterKeys(env);
  const held = [keys.current.id, ...(keys.previous ? [keys.previous.id] : [])];
  if (!held.includes(head.master_key))
    return refuse({ reason: "other-master-key", needed: head.master_key, held: held.join(" and ") });
  await sealingKeys(env);
  await noteKeyInUse(env, head.master_key);
  const known = await findRestore(openDb(env.DB), head.backup);
  const isGoingOn = known !== undefined && known.finishedAt === null;
  if (!isGoingOn && !force)
    for (const table of signsOfLife)
      if (await hasRows(env.DB, table)) return refuse({ reason: "not-empty", table });
  const row = isGoingOn ? known : { backup: head.backup, pages: 0, startedAt: now, finishedAt: null };
  if (head.page > row.pages)
    return refuse({ reason: "out-of-order", page: head.page + 1, expected: row.pages + 1 });
  return ok(row);
}

type TableRow = { table: string; row: PlainRow };

async function knownRows(db: D1Database, { head, lines }: Page): Promise<Result<TableRow[], RestoreRefusal>> {
  const tables = new Set(await listTables(db));
  const rows = lines.filter((line) => "table" in line);
  const named = new Set([...head.tables, ...rows.map(({ table }) => table)]);
  const unknown = [...named].find((table) => !tables.has(table));
  if (unknown !== undefined) return refuse({ reason: "unknown-table", name: unknown });
  const columns = new Map<string, readonly string[]>();
  for (const { table, row } of rows) {
    if (!columns.has(table)) columns.set(table, await columnsOf(db, table));
    const stranger = Object.keys(row).find((column) => !columns.get(table)?.includes(column));
    if (stranger !== undefined) return refuse({ reason: "unknown-column", name: `${table}.${stranger}` });
  }
  return ok(rows.map(({ table, row }) => ({ table, row: { ...row, ...countedAnew[table] } })));
}

/** Rows of one table with the same columns are written together: columns newer than the backup keep their defaults. */
function groupsOf(rows: readonly TableRow[]) {
  const groups: { table: string; columns: string[]; rows: PlainRow[] }[] = [];
  for (const { table, row } of rows) {
    const columns = Object.keys(row);
    const last = groups.at(-1);
    const fits = last?.table === table && last.columns.join() === columns.join();
    if (last && fits && last.rows.length < rowsAWrite) last.rows.push(row);
    else groups.push({ table, columns, rows: [row] });
  }
  return groups;
}

async function importDevices(
  env: Env,
  lines: readonly Line[],
): Promise<Result<{ devices: number; kept: number }, RestoreRefusal>> {
  const states = lines.flatMap((line) => ("device" in line ? [line.device as PortableDevice] : []));
  const outcomes = await mapInFlight(states, mostInFlight, (state) => importDevice(env, state));
  const trouble = outcomes.find((outcome) => typeof outcome !== "string");
  if (trouble !== undefined) return refuse(trouble);
  const kept = outcomes.filter((outcome) => outcome === "kept").length;
  return ok({ devices: states.length - kept, kept });
}

async function importDevice(env: Env, state: PortableDevice): Promise<"imported" | "kept" | RestoreRefusal> {
  const asked = await askDevice(
    env,
    state.id,
    (device): Promise<Result<"imported", ImportRefusal>> => device.import(state),
  );
  if (!asked.ok) return { reason: "device-unreachable", id: state.id, detail: asked.refusal.detail };
  if (asked.value.ok) return "imported";
  const { refusal } = asked.value;
  return refusal.reason === "in-use"
    ? "kept"
    : { reason: "device-refused", id: state.id, detail: whyRefused(refusal) };
}

function whyRefused(refusal: ImportRefusal): string {
  switch (refusal.reason) {
    case "in-use":
    case "malformed":
      return refusal.detail;
    case "unknown-version":
      return `it has version ${refusal.version}; deploy the version that made the backup, or a newer one`;
    case "another-device":
      return `it has the state of ${refusal.id}`;
    case "unknown-column":
      return `${refusal.name} is not known here; deploy the version that made the backup, or a newer one`;
  }
}
