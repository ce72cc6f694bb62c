import type { Result } from "../../base/result.ts";
import type { TakeTurn } from "../alarm/duty-context.ts";
import { portableStore } from "../store/portable-tables.ts";
import type { Vault } from "../vault.ts";
import { type ImportRefusal, importDevice, refusingStrangers } from "./import.ts";
import { type PortableDevice, packDevice } from "./portable.ts";
import { openSecrets, sealSecrets } from "./portable-secrets.ts";

/** Everything that no device would send again, with every secret sealed. */
export const exportDevice = (sql: SqlStorage, vault: Vault, deviceId: string): Promise<PortableDevice> =>
  sealSecrets(vault, packDevice(deviceId, portableStore(sql).read()));

/** Takes over what another object exported. */
export async function importInto(
  takeTurn: TakeTurn,
  sql: SqlStorage,
  vault: Vault,
  deviceId: string,
  state: PortableDevice,
): Promise<Result<"imported", ImportRefusal>> {
  const opened = await openSecrets(vault, deviceId, state);
  if (!opened.ok) return opened;
  return refusingStrangers(() => takeTurn((turn) => importDevice(turn, portableStore(sql), opened.value)));
}
