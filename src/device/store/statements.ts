import type { Bytes } from "../../base/bytes.ts";

/** The runtime binds views of bytes as well as whole buffers; its types name the buffers only. */
type Binding = SqlStorageValue | Bytes;

export type Statements = ReturnType<typeof statementsOf>;

/** The columns of a change and their new values, for an UPDATE of one row. */
export const assignments = (change: object): { set: string; values: SqlStorageValue[] } => ({
  set: Object.keys(change)
    .map((column) => `${column} = ?`)
    .join(", "),
  values: Object.values(change) as SqlStorageValue[],
});

/**
 * Thrown by the first write of an act that was tried as if it only read. It is no fault, so it is no Error: the trace of
 * the first one costs an isolate as much as several starts of an empty Worker.
 */
const firstWrite = { reason: "first-write" } as const;

/** How every statement of the object's store runs: synchronously, and with a count of the written rows. */
export function statementsOf(sql: SqlStorage) {
  const exec = (query: string, bindings: Binding[]) => sql.exec(query, ...(bindings as SqlStorageValue[]));
  const rows = <Row extends object>(query: string, ...bindings: Binding[]): Row[] =>
    exec(query, bindings).toArray() as Row[];
  const row = <Row extends object>(query: string, ...bindings: Binding[]): Row | undefined =>
    rows<Row>(query, ...bindings)[0];
  let written = 0;
  let mayWrite = true;
  const run = (query: string, ...bindings: Binding[]): number => {
    if (!mayWrite) throw firstWrite;
    const { rowsWritten } = exec(query, bindings);
    written += rowsWritten;
    return rowsWritten;
  };
  /** Writes, and returns the rows of the statement. */
  const change = <Row extends object>(query: string, ...bindings: Binding[]): Row[] => {
    if (!mayWrite) throw firstWrite;
    const cursor = exec(query, bindings);
    const returned = cursor.toArray() as Row[];
    written += cursor.rowsWritten;
    return returned;
  };
  /** The answer of an act that only reads; undefined: it wants to write, and nothing has happened yet. */
  const reading = <Answer>(act: () => Answer): { answer: Answer } | undefined => {
    mayWrite = false;
    try {
      return { answer: act() };
    } catch (fault) {
      if (fault === firstWrite) return undefined;
      throw fault;
    } finally {
      mayWrite = true;
    }
  };
  return { rows, row, run, change, reading, written: (): number => written };
}
