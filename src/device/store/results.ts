import type { Bytes } from "../../base/bytes.ts";
import type { QueueRow, UnreadResultRow } from "./rows.ts";
import type { Statements } from "./statements.ts";

/** Results whose facts are still to be read. */
export const resultsStatements = ({ rows, row, run }: Statements) => ({
  putUnreadResult: (commandId: number, generation: number, dueAt: number): number =>
    run(
      "INSERT INTO unread_results (command_id, generation, due_at) VALUES (?, ?, ?)",
      commandId,
      generation,
      dueAt,
    ),

  nextUnreadResultAt: (): number | null =>
    row<{ at: number | null }>("SELECT min(due_at) AS at FROM unread_results")?.at ?? null,

  /** A waiting command ends only as an unread result: this writes two rows, and one more when it is read. */
  finishUnread(command: QueueRow, generation: number, dueAt: number, now: number, result: Bytes): void {
    run(
      `INSERT INTO unread_results (command_id, generation, due_at, user_id, uuid, request_type, queued_at, sent_at,
           finished_at, body, result)
         SELECT id, ?, ?, user_id, uuid, request_type, queued_at, ?, ?, body, ? FROM queue WHERE id = ?`,
      generation,
      dueAt,
      command.sent_at,
      now,
      result,
      command.id,
    );
    run("DELETE FROM queue WHERE id = ?", command.id);
  },

  /** The payload and the result, if there is no finished command that has them. */
  unreadAnswer: (id: number): { body: ArrayBuffer; result: ArrayBuffer } | undefined =>
    row("SELECT body, result FROM unread_results WHERE command_id = ? AND result IS NOT NULL", id),

  unreadResultByUuid: (userId: string, uuid: string): boolean =>
    row("SELECT 1 FROM unread_results WHERE user_id = ? AND uuid = ?", userId, uuid) !== undefined,

  /** Of any channel. */
  isUnread: (uuid: string): boolean =>
    row(
      `SELECT 1 FROM unread_results l LEFT JOIN finished f ON f.id = command_id AND l.uuid IS NULL
       WHERE coalesce(l.uuid, f.uuid) = ? LIMIT 1`,
      uuid,
    ) !== undefined,

  unreadResultsDue: (now: number, limit: number): UnreadResultRow[] =>
    rows<UnreadResultRow>(
      `SELECT command_id AS id, coalesce(l.user_id, f.user_id) AS user_id, coalesce(l.uuid, f.uuid) AS uuid,
           coalesce(l.request_type, f.request_type) AS request_type,
           coalesce(l.queued_at, f.queued_at) AS queued_at, coalesce(l.sent_at, f.sent_at) AS sent_at,
           coalesce(l.finished_at, f.finished_at) AS finished_at, generation, attempts
         FROM unread_results l LEFT JOIN finished f ON f.id = command_id AND l.uuid IS NULL
         WHERE due_at <= ? ORDER BY command_id LIMIT ?`,
      now,
      limit,
    ),

  postponeUnreadResult: (commandId: number, dueAt: number): number =>
    run(
      "UPDATE unread_results SET due_at = ?, attempts = attempts + 1 WHERE command_id = ?",
      dueAt,
      commandId,
    ),

  forgetUnreadResult: (commandId: number): number =>
    run("DELETE FROM unread_results WHERE command_id = ?", commandId),
});
