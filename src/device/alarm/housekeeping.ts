import { logFault } from "../../base/log.ts";
import { finishUnanswered } from "../queue/finish.ts";
import type { Store } from "../store/store.ts";
import type { Turn } from "../turn.ts";
import type { Vault } from "../vault.ts";

/** What the alarm does besides delivering events. */
const page = 200;

export function expireCommands(turn: Turn): void {
  for (const command of turn.store.expired(turn.now, page)) finishUnanswered(turn, command, "expired", null);
}

/**
 * Large results are stored without compression at first; now there is time to compress them, one at a time, because each
 * has megabytes. A result that does not open is marked and left, so that it does not block the others.
 */
export async function compressResult(store: Store, vault: Vault): Promise<void> {
  const raw = store.rawResult();
  if (raw === undefined) return;
  try {
    const report = await vault.openResult(raw.uuid, store.resultParts(raw.id));
    store.replaceResult(raw.id, await vault.sealCompressed(raw.uuid, report));
  } catch (fault) {
    store.leaveResult(raw.id);
    logFault("device.result_unreadable", fault, { request_type: raw.request_type });
  }
}

export function pruneFinished(store: Store, kept: number, keptMs: number, now: number): void {
  for (const id of store.prunable(kept, now - keptMs)) store.forget(id);
  store.setDevice({ pruned_at: now });
}
