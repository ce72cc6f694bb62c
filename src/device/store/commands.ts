import type { Bytes } from "../../base/bytes.ts";
import {
  type FinishedRow,
  type FinishedState,
  finishedColumns,
  type NewCommand,
  type QueueRow,
  queueColumns,
  type StoredResult,
  type WantedChannel,
} from "./rows.ts";
import { sentMarks } from "./sent-marks.ts";
import type { Statements } from "./statements.ts";

const mostRead = 100;

/** Waiting commands, and finished ones with their results. */
export const commandsStatements = ({ rows, row, run, change }: Statements) => {
  const sent = sentMarks();
  /** Of answers that are not kept themselves: a device that did not get ours repeats its own. */
  const read = new Set<string>();
  const nameOf = (userId: string, uuid: string): string => JSON.stringify([userId, uuid]);

  /** What is only in memory becomes part of the row. */
  const keepSent = (id: number): void => {
    const mark = sent.get(id);
    sent.drop(id);
    if (mark === undefined) return;
    const { sent_at, sends, unanswered } = mark;
    run(
      "UPDATE queue SET state = 'sent', sent_at = ?, sends = ?, unanswered = ? WHERE id = ?",
      sent_at,
      sends,
      unanswered,
      id,
    );
  };

  return {
    sentInMemory: sent,

    keepAllSent: (): void => sent.ids().forEach(keepSent),

    enqueue: (command: NewCommand, body: Bytes): number =>
      run(
        `INSERT INTO queue (id, user_id, uuid, request_type, state, high, renewal, queued_at, expires_at, origin, push, body)
         VALUES (1 + max(coalesce((SELECT max(id) FROM queue), 0), coalesce((SELECT max(id) FROM finished), 0),
             coalesce((SELECT max(command_id) FROM unread_results), 0)),
           ?, ?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?)`,
        command.user_id,
        command.uuid,
        command.request_type,
        command.high,
        command.renewal,
        command.queued_at,
        command.expires_at,
        command.origin,
        command.push,
        body,
      ),

    queue: (userId: string): QueueRow[] =>
      rows<QueueRow>(`SELECT ${queueColumns} FROM queue WHERE user_id = ? ORDER BY id`, userId).map(
        sent.onto,
      ),

    waitingOf: (userId: string, requestType: string, origin: string): QueueRow[] =>
      rows<QueueRow>(
        `SELECT ${queueColumns} FROM queue WHERE user_id = ? AND request_type = ? AND origin = ? ORDER BY id`,
        userId,
        requestType,
        origin,
      ).map(sent.onto),

    waitingCount: (): number => row<{ n: number }>("SELECT count(*) AS n FROM queue")?.n ?? 0,

    queuedByUuid(userId: string, uuid: string): QueueRow | undefined {
      const query = `SELECT ${queueColumns} FROM queue WHERE user_id = ? AND uuid = ?`;
      return rows<QueueRow>(query, userId, uuid).map(sent.onto)[0];
    },

    queueBody: (id: number): ArrayBuffer | undefined =>
      row<{ body: ArrayBuffer }>("SELECT body FROM queue WHERE id = ?", id)?.body,

    /** Marks the command as sent and returns its stored body. `inMemory`: until its answer comes, or `keepAllSent`. */
    markSent(command: QueueRow, now: number, inMemory: boolean): ArrayBuffer | undefined {
      const { id, sends, unanswered } = command;
      if (inMemory) {
        sent.put(id, { state: "sent", sent_at: now, sends: sends + 1, unanswered: unanswered + 1 });
        return row<{ body: ArrayBuffer }>("SELECT body FROM queue WHERE id = ?", id)?.body;
      }
      return change<{ body: ArrayBuffer }>(
        "UPDATE queue SET state = 'sent', sent_at = ?, sends = ?, unanswered = ? WHERE id = ? RETURNING body",
        now,
        sends + 1,
        unanswered + 1,
        id,
      )[0]?.body;
    },

    /** Undoes `markSent`: the command was not sent. */
    markUnsent({ id, state, sent_at }: QueueRow): void {
      keepSent(id);
      run(
        "UPDATE queue SET state = ?, sent_at = ?, sends = sends - 1, unanswered = max(unanswered - 1, 0) WHERE id = ?",
        state,
        sent_at,
        id,
      );
    },

    setUnanswered(id: number, times: number): void {
      keepSent(id);
      run("UPDATE queue SET unanswered = ? WHERE id = ?", times, id);
    },

    replaceQueueBody: (id: number, body: Bytes): number =>
      run("UPDATE queue SET body = ? WHERE id = ?", body, id),

    markNotNow({ id, sent_at, sends }: QueueRow): void {
      sent.drop(id);
      run(
        `UPDATE queue SET state = 'not_now', sent_at = ?, sends = ?, unanswered = 0, refusals = refusals + 1
         WHERE id = ?`,
        sent_at,
        sends,
        id,
      );
    },

    forgetRefusals: (userId: string): number =>
      run("UPDATE queue SET refusals = 0 WHERE user_id = ? AND refusals > 0", userId),

    expired: (now: number, limit: number): QueueRow[] =>
      rows<QueueRow>(
        `SELECT ${queueColumns} FROM queue WHERE expires_at <= ? ORDER BY id LIMIT ?`,
        now,
        limit,
      ).map(sent.onto),

    isWaiting: (requestType: string): boolean =>
      row("SELECT 1 FROM queue WHERE request_type = ? LIMIT 1", requestType) !== undefined,

    waitingChannels: (): { user_id: string; oldest: number }[] =>
      rows("SELECT user_id, min(queued_at) AS oldest FROM queue GROUP BY user_id"),

    wantedChannels: (): WantedChannel[] =>
      rows<WantedChannel>(
        `SELECT user_id, max(max(queued_at, coalesce(sent_at, 0))) AS moved_at, min(state = 'not_now') AS put_off
         FROM queue WHERE push = 1 GROUP BY user_id`,
      ),

    /** Moves a waiting command to the finished ones, with its result. */
    finish(
      command: QueueRow,
      state: FinishedState,
      now: number,
      error: string | null,
      result: StoredResult,
    ): void {
      sent.drop(command.id);
      run(
        `INSERT INTO finished (${finishedColumns}, body, result)
         SELECT id, user_id, uuid, request_type, queued_at, ?, origin, ?, ?, ?, ?, ?, body, ? FROM queue WHERE id = ?`,
        command.sent_at,
        state,
        now,
        error,
        result.form,
        result.size,
        result.whole,
        command.id,
      );
      run("DELETE FROM queue WHERE id = ?", command.id);
      result.parts.forEach((data, part) => {
        run("INSERT INTO result_parts (command_id, part, data) VALUES (?, ?, ?)", command.id, part, data);
      });
    },

    /** A question of every day, whose facts are stored: nothing else of it is kept. */
    finishRead({ id, user_id, uuid }: QueueRow): void {
      sent.drop(id);
      run("DELETE FROM queue WHERE id = ?", id);
      if (read.size >= mostRead) read.clear();
      read.add(nameOf(user_id, uuid));
    },

    /** Since the object was opened. */
    wasRead: (userId: string, uuid: string): boolean => read.has(nameOf(userId, uuid)),

    finishedByUuid: (userId: string, uuid: string): FinishedRow | undefined =>
      row<FinishedRow>(
        `SELECT ${finishedColumns} FROM finished WHERE user_id = ? AND uuid = ?`,
        userId,
        uuid,
      ),

    finishedOrigin: (id: number): string | undefined =>
      row<{ origin: string }>("SELECT origin FROM finished WHERE id = ?", id)?.origin,

    finishedBody: (id: number): ArrayBuffer | undefined =>
      row<{ body: ArrayBuffer }>("SELECT body FROM finished WHERE id = ?", id)?.body,

    /** Newest first, ids below `before`. */
    finished: (userId: string, before: number, limit: number): FinishedRow[] =>
      rows<FinishedRow>(
        `SELECT ${finishedColumns} FROM finished WHERE user_id = ? AND id < ? ORDER BY id DESC LIMIT ?`,
        userId,
        before,
        limit,
      ),

    result: (id: number): ArrayBuffer | null =>
      row<{ result: ArrayBuffer | null }>("SELECT result FROM finished WHERE id = ?", id)?.result ?? null,

    resultParts: (id: number): ArrayBuffer[] =>
      rows<{ data: ArrayBuffer }>("SELECT data FROM result_parts WHERE command_id = ? ORDER BY part", id).map(
        ({ data }) => data,
      ),

    rawResult: (): FinishedRow | undefined =>
      row<FinishedRow>(
        `SELECT ${finishedColumns} FROM finished WHERE result_form = 'raw' ORDER BY id LIMIT 1`,
      ),

    replaceResult(id: number, result: StoredResult): void {
      run("DELETE FROM result_parts WHERE command_id = ?", id);
      run("UPDATE finished SET result_form = ?, result = ? WHERE id = ?", result.form, result.whole, id);
      result.parts.forEach((data, part) => {
        run("INSERT INTO result_parts (command_id, part, data) VALUES (?, ?, ?)", id, part, data);
      });
    },

    /** The result stays in its parts. */
    leaveResult: (id: number): number => run("UPDATE finished SET result_form = 'parts' WHERE id = ?", id),

    /** How many finished commands lie beyond the newest `kept`, or are older than `before`. */
    prunable: (kept: number, before: number): number[] =>
      rows<{ id: number }>(
        `SELECT id FROM finished WHERE finished_at < ?
         UNION SELECT id FROM (SELECT id FROM finished ORDER BY id DESC LIMIT -1 OFFSET ?) LIMIT 500`,
        before,
        kept,
      ).map(({ id }) => id),

    forget(id: number): void {
      run("DELETE FROM unread_results WHERE command_id = ?", id);
      run("DELETE FROM result_parts WHERE command_id = ?", id);
      run("DELETE FROM finished WHERE id = ?", id);
    },
  };
};
