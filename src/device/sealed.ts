import type { Bytes } from "../base/bytes.ts";
import type { Checkin } from "../mdm/checkin.ts";
import type { Vault } from "./vault.ts";

/** The parts of a message that are kept, sealed before its turn begins: sealing waits, and a turn does not. */
export type SealedMessage = { raw: Bytes | undefined; escrow: Bytes | undefined };

export async function sealMessage(vault: Vault, message: Checkin, raw: Uint8Array): Promise<SealedMessage> {
  switch (message.MessageType) {
    case "Authenticate":
      return { raw: await vault.sealMessage("Authenticate", raw), escrow: undefined };
    case "TokenUpdate":
      return {
        raw: await vault.sealMessage("TokenUpdate", raw),
        escrow: message.UnlockToken && (await vault.sealEscrow("unlock-token", message.UnlockToken)),
      };
    case "SetBootstrapToken":
      return {
        raw: undefined,
        escrow: message.BootstrapToken && (await vault.sealEscrow("bootstrap-token", message.BootstrapToken)),
      };
    default:
      return { raw: undefined, escrow: undefined };
  }
}
