import { rememberFacts } from "../../results/keep-inventory.ts";
import type { Turn } from "../../turn.ts";
import { requestReconcile } from "../request-reconcile.ts";
import { nowNamed } from "./decide.ts";
import { keepFailure } from "./settle.ts";

/** The answer to a command that names the device is read: it took the name, or refused this one setting. */
export function settleNamingRead(
  turn: Turn,
  { uuid, request_type }: { uuid: string; request_type: string },
  failures: readonly { part: string; error: string }[],
): void {
  const { store, tell } = turn;
  const row = request_type === "Settings" ? store.naming() : undefined;
  if (row?.command_uuid !== uuid) return;
  const failure = failures.find(({ part }) => /^DeviceName\b/.test(part));
  if (failure) {
    keepFailure(turn, row, { repeatable: true, error: failure.error });
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
