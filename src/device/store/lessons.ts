import { finishedColumns, type LessonRow } from "../rows.ts";
import type { Statements } from "./statements.ts";

/** Results that are still to be read for what they teach. */
export const lessonsStatements = ({ rows, row, run }: Statements) => ({
  putLesson: (commandId: number, generation: number, dueAt: number): number =>
    run(
      "INSERT INTO lessons (command_id, generation, due_at) VALUES (?, ?, ?)",
      commandId,
      generation,
      dueAt,
    ),

  nextLessonAt: (): number | null =>
    row<{ at: number | null }>("SELECT min(due_at) AS at FROM lessons")?.at ?? null,

  lessonsDue: (now: number, limit: number): LessonRow[] =>
    rows<LessonRow>(
      `SELECT ${finishedColumns}, generation, attempts FROM lessons JOIN finished ON id = command_id
         WHERE due_at <= ? ORDER BY id LIMIT ?`,
      now,
      limit,
    ),

  postponeLesson: (commandId: number, dueAt: number): number =>
    run("UPDATE lessons SET due_at = ?, attempts = attempts + 1 WHERE command_id = ?", dueAt, commandId),

  endLesson: (commandId: number): number => run("DELETE FROM lessons WHERE command_id = ?", commandId),
});
