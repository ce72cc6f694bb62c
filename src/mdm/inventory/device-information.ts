// DeviceInformation: https://developer.apple.com/documentation/devicemanagement/deviceinformationresponse
// A device silently leaves out what it does not know, may not report, or was not asked.
import type { DeviceFacts } from "../checkin.ts";
import type { ResultReader } from "../results/result-facts.ts";
import { dictAt, flagAt, known, numberAt, textAt, textsAt } from "./answer-keys.ts";
import type { InventoryFacts } from "./inventory-facts.ts";
import { valuesOf } from "./values.ts";

export const deviceInformation: ResultReader = ({ command, result, userId }) => {
  const answers = dictAt(result, "QueryResponses");
  if (answers === undefined) return undefined;
  const missing = (textsAt(command, "Queries") ?? []).filter((query) => !answers.has(query));
  const values = { name: "information", values: valuesOf(answers), missing } as const;
  if (userId !== "") return { inventory: { values } };
  const facts: InventoryFacts = known({
    supervised: flagAt(answers, "IsSupervised"),
    activationLock: flagAt(answers, "IsActivationLockEnabled"),
    lostMode: flagAt(answers, "IsMDMLostModeEnabled"),
    capacityGb: numberAt(answers, "DeviceCapacity"),
    availableGb: numberAt(answers, "AvailableDeviceCapacity"),
    batteryLevel: batteryLevel(numberAt(answers, "BatteryLevel")),
  });
  // Not the serial number: it is taken only from the enrollment, where it was compared with the certificate.
  const names = [
    "DeviceName",
    "ModelName",
    "Model",
    "OSVersion",
    "BuildVersion",
    "ProductName",
    "IMEI",
    "MEID",
  ] as const;
  const device: DeviceFacts = known(Object.fromEntries(names.map((name) => [name, textAt(answers, name)])));
  return { inventory: { facts, device, values } };
};

/** -1: not known. */
const batteryLevel = (level: number | undefined): number | null | undefined =>
  level === undefined ? undefined : level >= 0 && level <= 1 ? level : null;
