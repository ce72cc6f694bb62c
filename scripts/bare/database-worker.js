// What stands in for D1: SQLite in an object of a workerd of its own, asked over HTTP as the runtime's own D1 binding
// asks. One database, one query at a time, durable on disk, a batch is one transaction: as D1 has it.
import { DurableObject } from "cloudflare:workers";

export class Database extends DurableObject {
  #query = ({ sql, params }, format) => {
    const cursor = this.ctx.storage.sql.exec(sql, ...(params ?? []).map(fromJson));
    const columns = cursor.columnNames;
    const rows = [...cursor.raw()].map((row) => row.map(toJson));
    return {
      success: true,
      results: format === "ROWS_AND_COLUMNS" ? { columns, rows } : rows.map((row) => named(columns, row)),
      meta: {
        served_by: "stand-in",
        duration: 0,
        changes: this.#number("SELECT changes() AS n"),
        last_row_id: this.#number("SELECT last_insert_rowid() AS n"),
        changed_db: cursor.rowsWritten > 0,
        size_after: this.ctx.storage.sql.databaseSize,
        rows_read: cursor.rowsRead,
        rows_written: cursor.rowsWritten,
      },
    };
  };

  #number(sql) {
    return this.ctx.storage.sql.exec(sql).one().n;
  }

  async fetch(request) {
    const asked = await request.json();
    const queries = Array.isArray(asked) ? asked : [asked];
    const format = new URL(request.url).searchParams.get("resultsFormat");
    try {
      return Response.json(
        this.ctx.storage.transactionSync(() => queries.map((query) => this.#query(query, format))),
      );
    } catch (error) {
      return Response.json({ success: false, error: error.message }, { status: 500 });
    }
  }
}

const named = (columns, row) => Object.fromEntries(columns.map((column, at) => [column, row[at]]));

const fromJson = (value) => (Array.isArray(value) ? new Uint8Array(value).buffer : value);

const toJson = (value) => (value instanceof ArrayBuffer ? [...new Uint8Array(value)] : value);

// How many questions were asked, whatever is in them.
let questions = 0;

export default {
  fetch(request, env) {
    if (new URL(request.url).pathname === "/questions") return Response.json(questions);
    questions += 1;
    return env.DATABASE.getByName("database").fetch(request);
  },
};
