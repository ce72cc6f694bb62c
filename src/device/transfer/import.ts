import { ok, type Result, refuse } from "../../base/result.ts";
import { requestReconcile } from "../desired/request-reconcile.ts";
import { beginSetup } from "../setup/settle.ts";
import type { PortableStore } from "../store/portable-tables.ts";
import type { Turn } from "../turn.ts";
import { announceDevice } from "./announce.ts";
import { type PortableRefusal, unpackDevice } from "./portable.ts";

export type ImportRefusal =
  | PortableRefusal
  | { reason: "in-use"; detail: string }
  | { reason: "unknown-column"; name: string };

/** Thrown, because the tables must exist before they can be compared: throwing rolls their creation back. */
class UnknownColumn extends Error {}

/** Runs the transaction and turns an unknown column into a refusal. */
export function refusingStrangers<Answer>(
  transaction: () => Result<Answer, ImportRefusal>,
): Result<Answer, ImportRefusal> {
  try {
    return transaction();
  } catch (fault) {
    if (fault instanceof UnknownColumn) return refuse({ reason: "unknown-column", name: fault.message });
    throw fault;
  }
}

/** Restores an empty object to its exported state and tells the directory, in one transaction. */
export function importDevice(
  turn: Turn,
  tables: PortableStore,
  state: unknown,
): Result<"imported", ImportRefusal> {
  const { store, deviceId } = turn;
  if (store.exists()) return refuse({ reason: "in-use", detail: "the device's object already has data" });
  const unpacked = unpackDevice(deviceId, state);
  if (!unpacked.ok) return unpacked;
  store.create(deviceId);
  const stranger = tables.unknownColumn(unpacked.value);
  if (stranger !== undefined) throw new UnknownColumn(stranger);
  tables.write(unpacked.value);
  store.reread();
  requestReconcile(turn);
  // A device that was held when the backup was made may be held still.
  for (const { user_id, awaiting_configuration } of store.channels())
    if (awaiting_configuration === 1) beginSetup(turn, user_id);
  announceDevice(turn);
  return ok("imported");
}
