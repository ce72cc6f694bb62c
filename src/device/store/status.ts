import type { Bytes } from "../../base/bytes.ts";
import type { Statements } from "./statements.ts";

/** A status report without its bytes. */
export type StatusReportRow = {
  id: number;
  uuid: string;
  user_id: string;
  received_at: number;
  size: number;
  /** When it will be read. */
  due_at: number;
  /** `new`, `read`, or why it could not be read. */
  state: string;
  attempts: number;
};

/** A status item without its value. */
export type StatusItemHead = { user_id: string; path: string; as_of: number; digest: string; told: string };

const reportColumns = "id, uuid, user_id, received_at, size, due_at, state, attempts";
const itemColumns = "user_id, path, as_of, digest, told";

/** What devices report: the last reports as they came, and the resulting values. */
export const statusStatements = ({ rows, row, run }: Statements) => ({
  putStatusReport(
    report: Pick<StatusReportRow, "uuid" | "user_id" | "received_at" | "size" | "due_at">,
    parts: readonly Bytes[],
  ): void {
    const id = 1 + (row<{ id: number | null }>("SELECT max(id) AS id FROM status_reports")?.id ?? 0);
    parts.forEach((data, part) => {
      run(
        `INSERT INTO status_reports (id, part, uuid, user_id, received_at, size, due_at, state, data)
           VALUES (?, ?, ?, ?, ?, ?, ?, 'new', ?)`,
        id,
        part,
        report.uuid,
        report.user_id,
        report.received_at,
        report.size,
        report.due_at,
        data,
      );
    });
  },

  /** In the order in which they came. */
  unreadStatusReports: (limit: number): StatusReportRow[] =>
    rows<StatusReportRow>(
      `SELECT ${reportColumns} FROM status_reports WHERE part = 0 AND state = 'new' ORDER BY id LIMIT ?`,
      limit,
    ),

  /** Newest first, of one channel. */
  statusReports: (userId: string): StatusReportRow[] =>
    rows<StatusReportRow>(
      `SELECT ${reportColumns} FROM status_reports WHERE part = 0 AND user_id = ? ORDER BY id DESC`,
      userId,
    ),

  statusReportParts: (id: number): ArrayBuffer[] =>
    rows<{ data: ArrayBuffer }>("SELECT data FROM status_reports WHERE id = ? ORDER BY part", id).map(
      ({ data }) => data,
    ),

  endStatusReport: (id: number, state: string): number =>
    run("UPDATE status_reports SET state = ? WHERE id = ? AND part = 0", state, id),

  postponeStatusReport: (id: number, dueAt: number): number =>
    run("UPDATE status_reports SET due_at = ?, attempts = attempts + 1 WHERE id = ? AND part = 0", dueAt, id),

  forgetStatusReport: (id: number): number => run("DELETE FROM status_reports WHERE id = ?", id),

  statusItems: (userId: string): StatusItemHead[] =>
    rows<StatusItemHead>(`SELECT ${itemColumns} FROM status_items WHERE user_id = ? ORDER BY path`, userId),

  statusItemData: (userId: string, path: string): ArrayBuffer | undefined =>
    row<{ data: ArrayBuffer }>("SELECT data FROM status_items WHERE user_id = ? AND path = ?", userId, path)
      ?.data,

  putStatusItem: ({ user_id, path, as_of, digest, told }: StatusItemHead, data: Bytes): number =>
    run(
      `INSERT OR REPLACE INTO status_items (${itemColumns}, data) VALUES (?, ?, ?, ?, ?, ?)`,
      user_id,
      path,
      as_of,
      digest,
      told,
      data,
    ),

  tellStatusItem: (userId: string, path: string, told: string): number =>
    run("UPDATE status_items SET told = ? WHERE user_id = ? AND path = ?", told, userId, path),

  forgetStatusItem: (userId: string, path: string): number =>
    run("DELETE FROM status_items WHERE user_id = ? AND path = ?", userId, path),

  /** The directory lost its values: the next report sends them again. */
  untellStatus: (): number => run("UPDATE status_items SET told = '' WHERE told <> ''"),

  dropStatus(): void {
    run("DELETE FROM status_reports");
    run("DELETE FROM status_items");
  },
});
