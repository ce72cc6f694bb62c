// ManagedApplicationList: https://developer.apple.com/documentation/devicemanagement/managedapplicationlistresponse
// The surprise: some states, such as UserRejected and Failed, are told once and are gone from the next answer.
import type { PlistDict } from "../../plist/value.ts";
import type { ResultReader } from "../results/result-facts.ts";
import { dictAt, flagAt, item, numberAt, textAt, textsAt } from "./answer-keys.ts";
import { answeredList, type Item, type Keyed } from "./inventory-facts.ts";

export const managedApps: ResultReader = ({ command, result }) => {
  const told = dictAt(result, "ManagedApplicationList");
  if (command.has("Identifiers") || told === undefined) return undefined;
  const items = [...told].flatMap(([identifier, app]) =>
    app instanceof Map ? [managedApp(identifier, app)] : [],
  );
  return { inventory: { list: answeredList("managed-apps", items, ({ identifier }) => String(identifier)) } };
};

function managedApp(identifier: string, app: PlistDict): Item {
  const reason = textAt(app, "RejectionReason");
  return item({
    identifier: identifier.slice(0, 500),
    state: textAt(app, "Status"),
    reasons: textsAt(app, "Reasons") ?? (reason === undefined ? undefined : [reason]),
    management_flags: numberAt(app, "ManagementFlags"),
    has_configuration: flagAt(app, "HasConfiguration"),
    has_feedback: flagAt(app, "HasFeedback"),
    validated: flagAt(app, "IsValidated"),
    external_version_identifier: numberAt(app, "ExternalVersionIdentifier"),
    unused_redemption_code: app.has("UnusedRedemptionCode") ? true : undefined,
  });
}

/**
 * The apps on a device, with what the device says of those it manages. What it manages and has not installed, such as an app
 * that failed, is in the list as well.
 */
export function withManagement(installed: readonly Keyed[], managed: readonly Keyed[]): Keyed[] {
  const known = new Map(managed.map(([, app]) => [app.identifier, app]));
  const there = new Set(installed.map(([, { identifier }]) => identifier));
  const missing = managed
    .filter(([, { identifier }]) => !there.has(identifier))
    .map(([key, { identifier = "" }]): Keyed => [`${key}\u0000\u0000`, { identifier }]);
  return [...installed, ...missing]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, app]): Keyed => {
      const { state, reasons } = known.get(app.identifier ?? "") ?? {};
      const isManaged = known.has(app.identifier ?? "");
      return [
        key,
        {
          ...app,
          managed: isManaged,
          ...(state !== undefined && { management_state: state }),
          ...(reasons !== undefined && { management_reasons: reasons }),
        },
      ];
    });
}
