import {
  type PortableTable,
  type PortableTables,
  portableTables,
  type StoredRow,
} from "../transfer/portable.ts";

/** The object's tables unchanged, for a backup. All names are our own; names from a file are checked first. */
const newestFirst: { [Table in PortableTable]: string } = {
  device: "id",
  identities: "pinned_at DESC",
  channels: "user_id",
  escrow: "id DESC",
  messages: "received_at DESC",
  heard: "number DESC",
  profiles: "user_id, identifier",
  apps: "name",
  rotations: "name",
};

/** More rows of escrow or users than this cannot come from a real device. */
const mostRows = 5_000;

export type PortableStore = ReturnType<typeof portableStore>;

export const portableStore = (sql: SqlStorage) => ({
  read: (): PortableTables =>
    Object.fromEntries(
      portableTables.map((table) => [
        table,
        sql.exec(`SELECT * FROM ${table} ORDER BY ${newestFirst[table]} LIMIT ?`, mostRows).toArray(),
      ]),
    ) as PortableTables,

  /** The first column that this version does not know, as `table.column`. */
  unknownColumn(tables: PortableTables): string | undefined {
    for (const table of portableTables) {
      const known = new Set(
        sql
          .exec<{ name: string }>(`PRAGMA table_info(${table})`)
          .toArray()
          .map(({ name }) => name),
      );
      for (const row of tables[table]) {
        const stranger = Object.keys(row).find((column) => !known.has(column));
        if (stranger !== undefined) return `${table}.${stranger}`;
      }
    }
    return undefined;
  },

  /** Into tables that are empty except for the one row of the device. */
  write(tables: PortableTables): void {
    const { device, ...others } = tables;
    for (const row of device) {
      const columns = Object.keys(row);
      sql.exec(`UPDATE device SET ${columns.map((name) => `${name} = ?`).join(", ")}`, ...Object.values(row));
    }
    for (const [table, rows] of Object.entries(others)) for (const row of rows) insert(sql, table, row);
  },
});

function insert(sql: SqlStorage, table: string, row: StoredRow): void {
  const columns = Object.keys(row);
  sql.exec(
    `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
    ...Object.values(row),
  );
}
