import { fromUtf8 } from "../../base/bytes.ts";
import { ok, refuse } from "../../base/result.ts";
import { escrowCertificate } from "../../enrollment/escrow-certificates.ts";
import type { PlistDict } from "../../plist/value.ts";
import { type Completer, withKeys } from "./completer.ts";

/**
 * A new personal recovery key, which the Mac encrypts to our escrow certificate. It is opened and escrowed when the
 * result comes. For an institutional key the server has nothing to add.
 */
export const rotateFileVaultKey: Completer = async (payload, { env, escrowed }) => {
  if ((payload.get("KeyType") ?? "personal") !== "personal") return ok(payload);
  const key = payload.has("FileVaultUnlock") ? undefined : await escrowed("filevault-key");
  if (!payload.has("FileVaultUnlock") && !key) {
    return refuse({
      reason: "cannot-complete",
      key: "FileVaultUnlock",
      detail:
        "no recovery key of this Mac is in escrow; give FileVaultUnlock with the Password of a user, or the current key",
    });
  }
  const keys: PlistDict = new Map();
  keys.set("KeyType", "personal");
  if (key) keys.set("FileVaultUnlock", new Map([["Password", fromUtf8(key)]]));
  keys.set("ReplyEncryptionCertificate", await escrowCertificate(env));
  return ok(withKeys(payload, keys));
};
