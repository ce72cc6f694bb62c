import type { DeviceEvent } from "../../events/event.ts";
import type { Statements } from "./statements.ts";

/** The due time of events that somebody else brings to the directory (alarm/outbox.ts): of themselves they are never due. */
export const carried = Number.MAX_SAFE_INTEGER;

/** Events on their way to the directory. */
export const outboxStatements = ({ rows, row, run, change }: Statements) => ({
  /** Returns its number: that one, or the next free one. */
  putOutbox: (event: Omit<DeviceEvent, "seq">, seq: number, dueAt: number): number =>
    change<{ seq: number }>(
      "INSERT INTO outbox (seq, due_at, event) SELECT max(?, coalesce(max(seq) + 1, 0)), ?, ? FROM outbox RETURNING seq",
      seq,
      dueAt,
      JSON.stringify(event),
    )[0]?.seq ?? seq,

  /** How many the object itself must deliver. */
  outboxCount: (): number =>
    row<{ n: number }>("SELECT count(*) AS n FROM outbox WHERE due_at < ?", carried)?.n ?? 0,

  outbox: (limit: number): DeviceEvent[] =>
    rows<{ seq: number; event: string }>("SELECT seq, event FROM outbox ORDER BY seq LIMIT ?", limit).map(
      ({ seq, event }) => ({ ...JSON.parse(event), seq }) as DeviceEvent,
    ),

  /** When the first of them is to be delivered. */
  outboxDue: (): number | null =>
    row<{ at: number | null }>("SELECT min(due_at) AS at FROM outbox WHERE due_at < ?", carried)?.at ?? null,

  /** Those that somebody else was to bring are delivered by the object itself. */
  hastenOutbox: (dueAt: number): number => run("UPDATE outbox SET due_at = min(due_at, ?)", dueAt),

  delivered: (lastSeq: number): number => run("DELETE FROM outbox WHERE seq <= ?", lastSeq),
});
