// SecurityInfo: https://developer.apple.com/documentation/devicemanagement/securityinforesponse
import type { PlistDict } from "../../plist/value.ts";
import type { ResultReader } from "../results/result-facts.ts";
import { dictAt, flagAt, known, numberAt } from "./answer-keys.ts";
import type { InventoryFacts } from "./inventory-facts.ts";
import { valuesOf } from "./values.ts";

export const securityInfo: ResultReader = ({ result, userId }) => {
  const info = dictAt(result, "SecurityInfo");
  if (info === undefined) return undefined;
  const values = { name: "security", values: valuesOf(info), missing: undefined } as const;
  if (userId !== "") return { inventory: { values } };
  const facts: InventoryFacts = known({
    encrypted: isEncrypted(info),
    passcodePresent: flagAt(info, "PasscodePresent"),
    passcodeCompliant: flagAt(info, "PasscodeCompliantWithProfiles") ?? flagAt(info, "PasscodeCompliant"),
    recoveryLock: flagAt(info, "IsRecoveryLockEnabled"),
  });
  return { inventory: { facts, values } };
};

const blockAndFile = 3;

/** Data protection is in force with both kinds of hardware encryption and a passcode. */
function isEncrypted(info: PlistDict): boolean | undefined {
  const fileVault = flagAt(info, "FDE_Enabled");
  if (fileVault !== undefined) return fileVault;
  const hardware = numberAt(info, "HardwareEncryptionCaps");
  const passcode = flagAt(info, "PasscodePresent");
  return hardware === undefined || passcode === undefined ? undefined : hardware === blockAndFile && passcode;
}
