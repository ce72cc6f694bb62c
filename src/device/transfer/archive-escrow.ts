import { toBase64 } from "../../base/bytes.ts";
import { archive } from "../../db/escrow.ts";
import { openDb } from "../../db/open.ts";
import type { Store } from "../store/store.ts";
import { factsOf } from "../turn.ts";

/** Moves the escrowed values to the archive without opening them: they stay bound to this device's id. */
export async function archiveEscrow(env: Env, deviceId: string, store: Store): Promise<void> {
  const serial = factsOf(store.device()).SerialNumber ?? null;
  const archivedAt = Date.now();
  const rows = store.escrow().map(({ id, name, generation, stored_at, value, confirmed }) => ({
    deviceId,
    storedAt: stored_at,
    number: id,
    serial,
    name,
    generation,
    sealed: toBase64(new Uint8Array(value)),
    confirmed: confirmed === 1,
    archivedAt,
  }));
  await archive(openDb(env.DB), rows);
}
