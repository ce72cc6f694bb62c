import type { NameRow } from "../../store/naming.ts";
import type { FinishedState, QueueRow } from "../../store/rows.ts";
import type { Turn } from "../../turn.ts";
import { namingFailed } from "./failure.ts";

/**
 * A command that names the device has failed. Events have the set and not the name, which may be a person's.
 *
 * The surprise: a device acknowledges the whole command although a single setting failed, so an acknowledged one is settled
 * when its answer is read (`settle-read.ts`).
 */
export function settleNaming(
  turn: Turn,
  { uuid, request_type }: Pick<QueueRow, "uuid" | "request_type">,
  state: FinishedState,
  error: string | null,
): void {
  if (request_type !== "Settings" || state === "acknowledged") return;
  const row = turn.store.naming();
  if (row?.command_uuid !== uuid) return;
  // The device would not understand the same command the next time either.
  const repeatable = state !== "format_error";
  keepFailure(turn, row, { repeatable, error: error ?? `the command is ${state}` });
}

export function keepFailure(
  { store, tell, plan, now }: Turn,
  row: NameRow,
  failure: { repeatable: boolean; error: string },
): void {
  const next = namingFailed(row, failure, now);
  store.putNaming(next);
  tell({
    name: "device.name_failed",
    detail: {
      set: next.set_name,
      reason: next.reason,
      attempt: next.attempts,
      retry_at: next.retry_at === null ? null : new Date(next.retry_at).toISOString(),
    },
  });
  plan();
}
