import { rememberFacts } from "../../results/keep-inventory.ts";
import type { NameRow } from "../../store/naming.ts";
import type { FinishedState, QueueRow } from "../../store/rows.ts";
import type { Turn } from "../../turn.ts";
import { requestReconcile } from "../request-reconcile.ts";
import { namingFailed, nowNamed } from "./decide.ts";

/**
 * A command that names the device has ended. Events have the set and not the name, which may be a person's.
 *
 * The surprise: a device acknowledges the whole command although a single setting failed, so an acknowledged one is settled
 * when its answer is read.
 */
export function settleNaming(
  turn: Turn,
  { uuid, request_type }: Pick<QueueRow, "uuid" | "request_type">,
  state: FinishedState,
  error: string | null,
): void {
  if (request_type !== "Settings" || state === "acknowledged") return;
  // The device would not understand the same command the next time either.
  const repeatable = state !== "format_error";
  settle(turn, uuid, { repeatable, error: error ?? `the command is ${state}` });
}

export function settleNamingRead(
  turn: Turn,
  { uuid, request_type }: { uuid: string; request_type: string },
  failures: readonly { part: string; error: string }[],
): void {
  if (request_type !== "Settings") return;
  const failure = failures.find(({ part }) => /^DeviceName\b/.test(part));
  settle(turn, uuid, failure && { repeatable: true, error: failure.error });
}

function settle(turn: Turn, uuid: string, failure: { repeatable: boolean; error: string } | undefined): void {
  const { store, tell, now } = turn;
  const row = store.naming();
  if (row?.command_uuid !== uuid) return;
  if (failure) {
    const next = namingFailed(row, failure, now);
    store.putNaming(next);
    tellFailure(turn, next);
    return;
  }
  store.putNaming(nowNamed(row));
  // Lists show it at once; the next inventory tells whether it stayed.
  const device =
    row.brings === null ? undefined : rememberFacts(store, { device: { DeviceName: row.brings } });
  tell({ name: "device.named", detail: { set: row.set_name }, ...(device && { change: { device } }) });
  // In the meantime it should have another name.
  if (row.brings !== row.wish) requestReconcile(turn);
}

export function tellFailure({ tell, plan }: Turn, row: NameRow): void {
  tell({
    name: "device.name_failed",
    detail: {
      set: row.set_name,
      reason: row.reason,
      attempt: row.attempts,
      retry_at: row.retry_at === null ? null : new Date(row.retry_at).toISOString(),
    },
  });
  plan();
}
