/**
 * The object's sealed values as values: where each lies, and what it is bound to. A column of bytes that is not here
 * would be left under a master key that is about to go; a test looks for those.
 */
type Row = { [column: string]: SqlStorageValue };

type SealedColumn = {
  table: string;
  column: string;
  key: readonly string[];
  /** Beyond the key: what its context is made of. */
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
    // A pending generation's Authenticate is sealed as what it will be.
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

/** A value that lies under another key than the present one. */
export type SealedValue = {
  place: string;
  context: readonly [what: string, ...whose: string[]];
  read: () => ArrayBuffer | undefined;
  /** Only while it is what was read: a turn may have come between. */
  replace: (read: ArrayBuffer, by: Uint8Array) => void;
};

export type SealedStore = ReturnType<typeof sealedStore>;

export const sealedStore = (sql: SqlStorage) => ({
  /** All of them, unread: some are megabytes. The key's id is in the bytes two to five of a sealed value. */
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
