import type { Bytes } from "../../base/bytes.ts";
import type { Store } from "../store/store.ts";
import type { Vault } from "../vault.ts";
import type { CommandHeader } from "./command-rpc.ts";

/** Opens values for an administrator: this awaits and changes nothing. */
export type CommandWhole = { header: CommandHeader; body: Bytes | undefined; result: Bytes | undefined };

export type EscrowedValue = {
  value: Bytes;
  generation: number;
  storedAt: number;
  /** It belongs to the present generation. */
  current: boolean;
  /** False while the device has not acknowledged the command that sets it. */
  confirmed: boolean;
};

export async function openWhole(store: Store, vault: Vault, header: CommandHeader): Promise<CommandWhole> {
  const { id, uuid } = header;
  const sealed = store.queueBody(id) ?? store.finishedBody(id);
  const whole = store.result(id);
  const parts = whole === null ? store.resultParts(id) : [whole];
  return {
    header,
    body: sealed ? await bodyOf(vault, uuid, sealed) : undefined,
    result: parts.length > 0 ? await vault.openResult(uuid, parts) : undefined,
  };
}

/** If a command ended because its text does not open, its other fields can still be read. */
async function bodyOf(vault: Vault, uuid: string, sealed: ArrayBuffer): Promise<Bytes | undefined> {
  const opened = await vault.tryCommand(uuid, sealed);
  return opened.ok ? opened.value : undefined;
}

export function openEscrow(store: Store, vault: Vault, name: string): Promise<EscrowedValue[]> {
  const { generation: current } = store.device();
  const rows = store.escrow().filter((row) => row.name === name);
  return Promise.all(
    rows.map(async ({ value, generation, stored_at, confirmed }) => ({
      value: await vault.openEscrow(name, value),
      generation,
      storedAt: stored_at,
      current: generation === current,
      confirmed: confirmed === 1,
    })),
  );
}
