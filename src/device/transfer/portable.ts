import { fromBase64, toBase64 } from "../../base/bytes.ts";
import { ok, type Result, refuse } from "../../base/result.ts";

/**
 * A device's object as plain data, for a backup: everything that no device would send again. Secrets stay sealed and bound
 * to the device's id, so the data is usable only with the same master key and the same id.
 *
 * Leaves to others: reading and writing the tables (`portable-store.ts`), and sealing the open values in them
 * (`portable-secrets.ts`).
 */
export const portableVersion = 1;

/** `sealed`: JSON of the value, sealed by `portable-secrets.ts`. */
type PlainValue = string | number | null | { base64: string } | { sealed: string };
export type PlainRow = { [column: string]: PlainValue };

/** A value as SQLite has it. */
export type StoredRow = { [column: string]: SqlStorageValue };

/** In the order of importance: the last table is left out first. */
export const portableTables = [
  "device",
  "identities",
  "channels",
  "escrow",
  "messages",
  "heard",
  "profiles",
  "apps",
  "rotations",
] as const;
export type PortableTable = (typeof portableTables)[number];

/** The other tables, and why a backup does not have them. @internal A test compares both lists with the schema. */
export const leftBehind = {
  queue: "nobody wants a command to be repeated after a restore, perhaps weeks later",
  finished: "history",
  result_parts: "history",
  unread_results: "answers that were not read yet; the device sends them again",
  inventory: "the device sends it again",
  declarative: "is made from the library again",
  declarations: "are made from the library again",
  status_reports: "history",
  status_items: "the device sends them again",
  renewal: "is computed again",
  renewal_requests: "are counted for a day",
  withheld: "is computed again",
  naming: "is computed again",
  setups: "start over with the restore while the device awaits configuration",
  setup_steps: "start over with the set-up",
  outbox: "was delivered, or the restore sends it again",
} as const;

/** Columns that belong to the object and not to the device. */
const ownColumns: { [Table in PortableTable]?: readonly string[] } = {
  device: [
    "id",
    "schema_version",
    "master_key",
    "pruned_at",
    "outbox_failures",
    "outbox_retry_at",
    "intent_due_at",
    "intent_quiet",
    "intent_failures",
  ],
  channels: ["push_attempts", "push_at"],
  rotations: ["command_uuid"],
  apps: ["command_uuid", "brings"],
};

export type PortableDevice = {
  edgemdm_device: number;
  id: string;
  tables: { [Table in PortableTable]: PlainRow[] };
  /** How many of the oldest messages and escrowed values did not fit. */
  left_out: number;
};

export type PortableTables = { [Table in PortableTable]: StoredRow[] };

export type PortableRefusal =
  | { reason: "unknown-version"; version: string }
  | { reason: "malformed"; detail: string }
  | { reason: "another-device"; id: string };

const emptyTables = <Row>() =>
  Object.fromEntries(portableTables.map((table) => [table, []])) as unknown as {
    [Table in PortableTable]: Row[];
  };

/** Far more than any real device has; it must fit into one line of a backup. */
const mostCharacters = 2 * 1024 * 1024;

export function packDevice(id: string, tables: PortableTables): PortableDevice {
  const packed = emptyTables<PlainRow>();
  let [room, leftOut] = [mostCharacters, 0];
  for (const table of portableTables) {
    for (const row of tables[table]) {
      const plain = plainRow(row, ownColumns[table] ?? []);
      room -= JSON.stringify(plain).length;
      if (room >= 0) packed[table].push(plain);
      else leftOut += 1;
    }
  }
  return { edgemdm_device: portableVersion, id, tables: packed, left_out: leftOut };
}

/** Trusts nothing, because the input may have been a file for years. */
export function unpackDevice(id: string, state: unknown): Result<PortableTables, PortableRefusal> {
  if (!isRecord(state)) return malformed("it is not an object");
  if (state.edgemdm_device !== portableVersion)
    return refuse({ reason: "unknown-version", version: String(state.edgemdm_device) });
  if (state.id !== id) return refuse({ reason: "another-device", id: String(state.id) });
  if (!isRecord(state.tables)) return malformed("it has no tables");
  const tables: PortableTables = emptyTables<StoredRow>();
  for (const [table, rows] of Object.entries(state.tables)) {
    if (!isPortableTable(table)) return malformed(`there is no table ${table}`);
    if (!Array.isArray(rows)) return malformed(`${table} is not a list of rows`);
    for (const row of rows) {
      const stored = storedRow(row);
      if (stored === undefined) return malformed(`a row of ${table} has a value of an unknown form`);
      tables[table].push(stored);
    }
  }
  if (tables.device.length !== 1) return malformed("it must have exactly one row of the device itself");
  if (tables.device[0]?.device_id !== id)
    return refuse({ reason: "another-device", id: String(tables.device[0]?.device_id) });
  return ok(tables);
}

const plainRow = (row: StoredRow, without: readonly string[]): PlainRow =>
  Object.fromEntries(
    Object.entries(row)
      .filter(([column]) => !without.includes(column))
      .map(([column, value]) => [
        column,
        value instanceof ArrayBuffer ? { base64: toBase64(new Uint8Array(value)) } : value,
      ]),
  );

function storedRow(row: unknown): StoredRow | undefined {
  if (!isRecord(row)) return undefined;
  const stored: StoredRow = {};
  for (const [column, value] of Object.entries(row)) {
    const known = storedValue(value);
    if (known === undefined) return undefined;
    stored[column] = known;
  }
  return stored;
}

function storedValue(value: unknown): SqlStorageValue | undefined {
  if (value === null || typeof value === "string" || typeof value === "number") return value;
  return isRecord(value) && typeof value.base64 === "string" ? fromBase64(value.base64)?.buffer : undefined;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isPortableTable = (name: string): name is PortableTable =>
  (portableTables as readonly string[]).includes(name);

const malformed = (detail: string) => refuse({ reason: "malformed" as const, detail });
