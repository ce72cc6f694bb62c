import { utf8 } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { columnsOf, hasRows, listTables, type PlainRow, readPage, writeRows } from "../db/backup.ts";
import { masterKeys } from "../pki/master.ts";

/**
 * What must not be lost with the Cloudflare account: the directory as lines of JSON. Secrets stay sealed in it, so the
 * file is worth nothing without the MASTER_KEY, and so is a restore.
 *
 * A table that is new is in it by itself; what is left out is listed here with its reason.
 *
 * Leaves to others: the state of the devices' objects, which devices tell again (docs/backup.md).
 */
const leftOut: Readonly<Record<string, string>> = {
  idempotency_keys: "answers kept for a day",
  events: "history; numbered by objects that a restore does not bring back",
  commands: "history",
  audit_entries: "history",
};

// A restored directory waits for the first event of objects that count anew.
const countedAnew: Readonly<Record<string, PlainRow>> = { devices: { applied_seq: 0 } };

/** Where rows mean that a fleet lives here. An authority alone does not: every deployment makes one. */
const signsOfLife = ["devices", "certificates"];

const version = 1;
const pageRows = 200;
const longestLine = 4 * 1024 * 1024;

type Header = { edgemdm_backup: number; created_at: string; master_key: string; tables: string[] };

export type RestoreRefusal =
  | { reason: "not-a-backup"; line: number; detail: string }
  | { reason: "other-master-key"; needed: string; held: string }
  | { reason: "not-empty"; table: string }
  | { reason: "unknown-table" | "unknown-column"; line: number; name: string }
  | { reason: "cut-off"; rows: number };

export async function writeBackup(env: Env, now: number): Promise<ReadableStream<Uint8Array>> {
  const tables = (await listTables(env.DB)).filter((table) => !Object.hasOwn(leftOut, table));
  const { current } = await masterKeys(env);
  const header: Header = {
    edgemdm_backup: version,
    created_at: new Date(now).toISOString(),
    master_key: current.id,
    tables,
  };
  const lines = backupLines(env.DB, header);
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await lines.next();
      if (done) controller.close();
      else controller.enqueue(utf8(value));
    },
  });
}

async function* backupLines(db: D1Database, header: Header): AsyncGenerator<string> {
  yield line(header);
  let count = 0;
  for (const table of header.tables) {
    for (let after: number | undefined = 0; after !== undefined; ) {
      const page = await readPage(db, table, after, pageRows);
      count += page.rows.length;
      yield page.rows.map((row) => line({ table, row })).join("");
      after = page.last;
    }
  }
  yield line({ end: count });
}

const line = (value: unknown): string => `${JSON.stringify(value)}\n`;

/**
 * Writes a backup into this deployment. Repeating it is harmless, and finishes what was cut off. `force` also writes
 * over a deployment in use.
 */
export async function restoreBackup(
  env: Env,
  body: ReadableStream<Uint8Array>,
  force: boolean,
): Promise<Result<{ rows: number }, RestoreRefusal>> {
  const lines = linesOf(body);
  const first = await lines.next();
  const header = readHeader(first.value ?? "");
  if (!header)
    return refuse({ reason: "not-a-backup", line: 1, detail: "its first line is not that of a backup" });
  const keys = await masterKeys(env);
  const held = [keys.current.id, ...(keys.previous ? [keys.previous.id] : [])];
  if (!held.includes(header.master_key))
    return refuse({ reason: "other-master-key", needed: header.master_key, held: held.join(" and ") });
  for (const table of force ? [] : signsOfLife)
    if (await hasRows(env.DB, table)) return refuse({ reason: "not-empty", table });

  return writeLines(env.DB, lines);
}

async function writeLines(
  db: D1Database,
  lines: AsyncGenerator<string>,
): Promise<Result<{ rows: number }, RestoreRefusal>> {
  const known = new Map<string, readonly string[]>();
  for (const table of await listTables(db)) known.set(table, await columnsOf(db, table));
  let batch: { table: string; columns: readonly string[]; rows: PlainRow[] } | undefined;
  const flush = async (): Promise<void> => {
    if (batch) await writeRows(db, batch.table, batch.columns, batch.rows);
    batch = undefined;
  };

  let [number, rows] = [1, 0];
  for await (const text of lines) {
    number++;
    const entry = readEntry(text);
    if (!entry) return refuse({ reason: "not-a-backup", line: number, detail: "neither a row nor the end" });
    if ("end" in entry) {
      await flush();
      return entry.end === rows ? ok({ rows }) : refuse({ reason: "cut-off", rows });
    }
    const { table } = entry;
    const columns = known.get(table);
    if (!columns) return refuse({ reason: "unknown-table", line: number, name: table });
    const row: PlainRow = { ...entry.row, ...countedAnew[table] };
    const stranger = Object.keys(row).find((column) => !columns.includes(column));
    if (stranger !== undefined)
      return refuse({ reason: "unknown-column", line: number, name: `${table}.${stranger}` });
    // Columns younger than the backup keep their defaults, so rows are written by the columns they have.
    const own = Object.keys(row);
    if (batch?.table !== table || batch.rows.length >= pageRows) await flush();
    batch ??= { table, columns: own, rows: [] };
    batch.rows.push(row);
    rows++;
  }
  await flush();
  return refuse({ reason: "cut-off", rows });
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of body.pipeThrough(
    new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>,
  )) {
    const parts = (rest + text).split("\n");
    rest = parts.pop() ?? "";
    if (rest.length > longestLine) return;
    for (const part of parts) if (part !== "") yield part;
  }
  if (rest !== "") yield rest;
}

function readHeader(text: string): Header | undefined {
  const value = readJson(text) as Partial<Header> | undefined;
  return value?.edgemdm_backup === version && typeof value.master_key === "string"
    ? (value as Header)
    : undefined;
}

function readEntry(text: string): { table: string; row: PlainRow } | { end: number } | undefined {
  const value = readJson(text) as { table?: unknown; row?: unknown; end?: unknown } | undefined;
  if (typeof value?.end === "number") return { end: value.end };
  if (typeof value?.table !== "string" || typeof value.row !== "object" || value.row === null)
    return undefined;
  return { table: value.table, row: value.row as PlainRow };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
