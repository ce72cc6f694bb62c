/** What a device has to say of itself, item by item (declarative-management, sections 7 and 12). */
import type { AppleDevice } from "../device.ts";
import { declaredApps, declaredPackages } from "./apps.ts";
import { knownAssets, knownManagement, typesOf } from "./types.ts";

type Items = Readonly<Record<string, (device: AppleDevice) => unknown>>;

const items: Items = {
  "app.managed.list": declaredApps,
  "package.list": declaredPackages,
  "device.identifier.serial-number": ({ hardware }) => hardware.serialNumber,
  "device.model.family": ({ flavour }) => flavour.family,
  "device.model.identifier": ({ flavour }) => flavour.productName,
  "device.model.marketing-name": ({ flavour }) => flavour.modelName,
  "device.operating-system.family": ({ flavour }) => flavour.platform,
  "device.operating-system.version": ({ state, flavour }) => state.osVersion ?? flavour.osVersion,
  "device.operating-system.build-version": ({ flavour }) => flavour.buildVersion,
  "mdm.app": ({ state }) =>
    [...state.apps.values()]
      .filter(({ managed, declared }) => managed && declared === undefined)
      .map(({ identifier, name, version }) => ({ identifier, name, version, state: "managed" })),
  "passcode.is-compliant": ({ state }) => state.passcodePresent,
  "passcode.is-present": ({ state }) => state.passcodePresent,
  "test.boolean-value": () => true,
  "test.integer-value": () => 42,
  "test.string-value": () => "a text",
};

/** A Mac says nothing of its passcode. */
export const knownItems = (device: AppleDevice): string[] => {
  const types = typesOf(systemOf(device));
  return Object.keys(items).filter((path) => {
    if (path === "app.managed.list") return "com.apple.configuration.app.managed" in types;
    if (path === "package.list") return "com.apple.configuration.package" in types;
    return !(device.flavour.platform === "macos" && /^(passcode|mdm)\./.test(path));
  });
};

export const systemOf = ({ flavour, state }: AppleDevice) => ({
  platform: flavour.platform,
  version: state.osVersion ?? flavour.osVersion,
});

export const itemOf = (device: AppleDevice, path: string): unknown =>
  knownItems(device).includes(path) ? items[path]?.(device) : undefined;

/** Nested as the names are at their dots. */
export function nested(values: Iterable<readonly [path: string, value: unknown]>): Record<string, unknown> {
  const top: Record<string, unknown> = {};
  for (const [path, value] of values) {
    const words = path.split(".");
    const last = words.pop() ?? "";
    let group = top;
    for (const word of words) {
      group[word] ??= {};
      group = group[word] as Record<string, unknown>;
    }
    group[last] = value;
  }
  return top;
}

export const capabilitiesOf = (device: AppleDevice): object => ({
  "supported-versions": ["1.0.0"],
  "supported-features": {},
  "supported-payloads": {
    declarations: {
      activations: ["com.apple.activation.simple"],
      assets: knownAssets,
      configurations: Object.keys(typesOf(systemOf(device))),
      management: knownManagement,
    },
    "status-items": [...knownItems(device), "management.client-capabilities", "management.declarations"],
  },
});
