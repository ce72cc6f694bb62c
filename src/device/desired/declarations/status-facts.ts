import type { Json } from "../../../declarations/canonical-json.ts";
import type { DeviceFacts } from "../../../mdm/checkin.ts";
import type { InventoryFacts } from "../../../mdm/inventory/inventory-facts.ts";

/**
 * Facts that come both in status items and in answers to commands: the list of devices shows the latest.
 * The serial number is not among them: it is taken only from the enrollment, where it was compared with the certificate.
 */
const inventoryItems: { readonly [path: string]: keyof InventoryFacts } = {
  "passcode.is-present": "passcodePresent",
  "passcode.is-compliant": "passcodeCompliant",
  "diskmanagement.filevault.enabled": "encrypted",
};

const deviceItems: { readonly [path: string]: keyof DeviceFacts } = {
  "device.operating-system.version": "OSVersion",
  "device.operating-system.build-version": "BuildVersion",
  "device.model.identifier": "ProductName",
};

export function factsTold(items: readonly { path: string; value: Json }[]): {
  facts: InventoryFacts;
  device: DeviceFacts;
} {
  const facts = items.flatMap(({ path, value }) => {
    const name = Object.hasOwn(inventoryItems, path) && inventoryItems[path];
    return name && typeof value === "boolean" ? [[name, value] as const] : [];
  });
  const device = items.flatMap(({ path, value }) => {
    const name = Object.hasOwn(deviceItems, path) && deviceItems[path];
    return name && typeof value === "string" && value !== "" ? [[name, value] as const] : [];
  });
  return { facts: Object.fromEntries(facts), device: Object.fromEntries(device) };
}
