/**
 * The list of the object's sealed values: where each is stored, and what it is bound to. A column that is missing here
 * would stay under an old master key that will be removed; a test looks for such columns.
 */
type Row = { [column: string]: SqlStorageValue };

type SealedColumn = {
  table: string;
  column: string;
  key: readonly string[];
  /** Besides the key: the columns for its context. */
  facts: string;
  context: (row: Row) => readonly [what: string, ...whose: string[]];
};

const commandBody = (row: Row) => ["command", String(row.uuid)] as const;

export const sealedColumns: readonly SealedColumn[] = [
  { table: "queue", column: "body", key: ["id"], facts: "uuid", context: commandBody },
  { table: "finished", column: "body", key: ["id"], facts: "uuid", context: commandBody },
  {
    table: "finished",
    column: "result",
    key: ["id"],
    facts: "uuid",
    context: (row) => ["result", String(row.uuid), "0"],
  },
  {
    table: "result_parts",
    column: "data",
    key: ["command_id", "part"],
    facts: "(SELECT uuid FROM finished WHERE id = command_id) AS uuid",
    context: (row) => ["result", String(row.uuid), String(row.part)],
  },
  { table: "unread_results", column: "body", key: ["command_id"], facts: "uuid", context: commandBody },
  {
    table: "unread_results",
    column: "result",
    key: ["command_id"],
    facts: "uuid",
    context: (row) => ["result", String(row.uuid), "0"],
  },
  {
    table: "escrow",
    column: "value",
    key: ["id"],
    facts: "name",
    context: (row) => ["escrow", String(row.name)],
  },
  {
    table: "inventory",
    column: "data",
    key: ["user_id", "name"],
    facts: "name",
    context: (row) => ["inventory", String(row.user_id), String(row.name)],
  },
  {
    table: "messages",
    column: "body",
    key: ["message_type", "user_id"],
    facts: "message_type",
    // The Authenticate of a pending generation is sealed under its later name.
    context: (row) => ["message", String(row.message_type).replace(/^Pending/, "")],
  },
  {
    table: "declarations",
    column: "body",
    key: ["user_id", "identifier", "server_token"],
    facts: "kind",
    context: (row) => ["declaration", String(row.user_id), String(row.identifier), String(row.server_token)],
  },
  {
    table: "status_reports",
    column: "data",
    key: ["id", "part"],
    facts: "uuid",
    context: (row) => ["status-report", String(row.uuid), String(row.part)],
  },
  {
    table: "status_items",
    column: "data",
    key: ["user_id", "path"],
    facts: "as_of",
    context: (row) => ["status-item", String(row.user_id), String(row.path)],
  },
];

/** A value that is sealed under another key than the present one. */
export type SealedValue = {
  place: string;
  context: readonly [what: string, ...whose: string[]];
  read: () => ArrayBuffer | undefined;
  /** Only if it is still the value that was read: another turn may have changed it. */
  replace: (read: ArrayBuffer, by: Uint8Array) => void;
};

export type SealedStore = ReturnType<typeof sealedStore>;

export const sealedStore = (sql: SqlStorage) => ({
  /** All of them, without reading the values: some have megabytes. Bytes two to five of a sealed value are the key's id. */
  notUnder: (keyId: Uint8Array): SealedValue[] =>
    sealedColumns.flatMap((sealed) => {
      const { table, column, key, facts } = sealed;
      const query = `SELECT ${key.join(", ")}, ${facts} FROM ${table} WHERE substr(${column}, 2, 4) <> ?`;
      const rows = sql.exec(query, keyId as unknown as SqlStorageValue).toArray() as Row[];
      return rows.map((row) => sealedValue(sql, sealed, row));
    }),
});

function sealedValue(sql: SqlStorage, { table, column, key, context }: SealedColumn, row: Row): SealedValue {
  const where = key.map((name) => `${name} = ?`).join(" AND ");
  const values = key.map((name) => row[name] ?? null);
  return {
    place: `${table}.${column}`,
    context: context(row),
    read: () =>
      sql.exec(`SELECT ${column} AS value FROM ${table} WHERE ${where}`, ...values).toArray()[0]?.value as
        | ArrayBuffer
        | undefined,
    replace: (read, by) => {
      const query = `UPDATE ${table} SET ${column} = ? WHERE ${where} AND ${column} = ?`;
      sql.exec(query, by as unknown as SqlStorageValue, ...values, read);
    },
  };
}
