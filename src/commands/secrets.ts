import { utf8 } from "../base/bytes.ts";
import type { CommandSecret } from "../device/queue/command-rpc.ts";
import type { PlistDict } from "../plist/value.ts";

/**
 * Which keys of a command become secrets of the device. They are in escrow before the command can be sent, no matter who chose
 * them. A PIN is valid as soon as the device may have fetched it; a password, once the device has acknowledged it.
 */
type Kept = { key: string; escrow: string; confirmed: boolean };

const kept: { readonly [requestType: string]: Kept } = {
  DeviceLock: { key: "PIN", escrow: "lock-pin", confirmed: true },
  EraseDevice: { key: "PIN", escrow: "erase-pin", confirmed: true },
  SetAutoAdminPassword: { key: "password", escrow: "managed-admin", confirmed: false },
  SetRecoveryLock: { key: "NewPassword", escrow: "recovery-lock", confirmed: false },
};

export function secretsOf(requestType: string, payload: PlistDict): CommandSecret[] {
  const rule = ruleOf(requestType);
  const value = rule && payload.get(rule.key);
  return rule && typeof value === "string"
    ? [{ name: rule.escrow, value: utf8(value), confirmed: rule.confirmed }]
    : [];
}

/** The keys in the payload that `given` did not have. */
export function generatedSecrets(
  requestType: string,
  given: PlistDict,
  completed: PlistDict,
): { escrow: string; value: string }[] {
  const rule = ruleOf(requestType);
  const value = rule && completed.get(rule.key);
  return rule && typeof value === "string" && given.get(rule.key) === undefined
    ? [{ escrow: rule.escrow, value }]
    : [];
}

/** The next one depends on whether the device accepted this one. */
export const goesAlone = (requestType: string): boolean => ruleOf(requestType)?.confirmed === false;

const ruleOf = (requestType: string): Kept | undefined =>
  Object.hasOwn(kept, requestType) ? kept[requestType] : undefined;
