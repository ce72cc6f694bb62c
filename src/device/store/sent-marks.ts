import type { QueueRow } from "./rows.ts";

type Mark = Pick<QueueRow, "state" | "sent_at" | "sends" | "unanswered">;

/**
 * Commands that the device has fetched and not answered yet, as far as that is only in memory. Most are answered at once:
 * then the answer is the first thing that is written. If the object ends before, they wait as if they had not been fetched.
 */
export function sentMarks() {
  let marks: ReadonlyMap<number, Mark> = new Map();
  return {
    get: (id: number): Mark | undefined => marks.get(id),
    ids: (): number[] => [...marks.keys()],
    areNone: (): boolean => marks.size === 0,
    put(id: number, mark: Mark): void {
      marks = new Map(marks).set(id, mark);
    },
    drop(id: number): void {
      if (marks.has(id)) marks = new Map([...marks].filter(([other]) => other !== id));
    },
    /** The row as it would be if it had been written. */
    onto: (row: QueueRow): QueueRow => ({ ...row, ...marks.get(row.id) }),
    /** For a turn that is undone. */
    present: () => marks,
    restore(earlier: ReadonlyMap<number, Mark>): void {
      marks = earlier;
    },
  };
}
