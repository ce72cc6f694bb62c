import { fromUtf8 } from "../../base/bytes.ts";
import { ok, refuse } from "../../base/result.ts";
import { newPassword } from "../../mdm/new-password.ts";
import type { PlistDict } from "../../plist/value.ts";
import { type Completer, type CompletionContext, withKeys } from "./completer.ts";

/** A new password if none is given; an empty one removes the lock. The Mac also needs the current one. */
export const setRecoveryLock: Completer = async (payload, known) => {
  const current = await currentPassword(known);
  const keys: PlistDict = new Map([["NewPassword", newPassword()]]);
  if (current) keys.set("CurrentPassword", current);
  return ok(withKeys(payload, keys));
};

export const verifyRecoveryLock: Completer = async (payload, known) => {
  if (payload.has("Password")) return ok(payload);
  const current = await currentPassword(known);
  if (current) return ok(withKeys(payload, new Map([["Password", current]])));
  return refuse({
    reason: "cannot-complete",
    key: "Password",
    detail: "no recovery lock password of this device is in escrow; set one, or give the Password to verify",
  });
};

async function currentPassword({ escrowed }: CompletionContext): Promise<string | undefined> {
  const value = await escrowed("recovery-lock");
  return value?.length ? fromUtf8(value) : undefined;
}
