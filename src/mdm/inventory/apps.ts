// InstalledApplicationList: https://developer.apple.com/documentation/devicemanagement/installedapplicationlistresponse
// DynamicSize, what an app has saved, is left out: it differs each day and would make every list a new one.
import type { ResultReader } from "../results/result-facts.ts";
import { dictsAt, flagAt, item, numberAt, textAt } from "./answer-keys.ts";
import { type AnsweredList, answeredList, type Item } from "./inventory-facts.ts";

export const apps: ResultReader = ({ command, result }) => {
  const isPart =
    ["Identifiers", "Items"].some((key) => command.has(key)) || flagAt(command, "ManagedAppsOnly");
  const told = dictsAt(result, "InstalledApplicationList");
  if (isPart || told === undefined) return undefined;
  const items = told.map((app) =>
    item({
      identifier: textAt(app, "Identifier"),
      name: textAt(app, "Name"),
      short_version: textAt(app, "ShortVersion"),
      version: textAt(app, "Version"),
      bundle_size: numberAt(app, "BundleSize"),
      external_version_identifier: numberAt(app, "ExternalVersionIdentifier"),
      distributor_identifier: textAt(app, "DistributorIdentifier"),
      source: textAt(app, "Source"),
      validated: flagAt(app, "IsValidated"),
      app_store: flagAt(app, "AppStoreVendable"),
      device_licensed: flagAt(app, "DeviceBasedVPP"),
      beta: flagAt(app, "BetaApp"),
      ad_hoc_signed: flagAt(app, "AdHocCodeSigned"),
      app_clip: flagAt(app, "IsAppClip"),
      update_available: flagAt(app, "HasUpdateAvailable"),
      installing: flagAt(app, "Installing"),
    }),
  );
  return { inventory: { list: answeredList("apps", items.filter(isNamed), keyOf) } };
};

const isNamed = ({ identifier, name }: Item): boolean => identifier !== undefined || name !== undefined;

const keyOf = ({ identifier = "", name = "", version = "" }: Item): string =>
  [identifier, name, version].join("\u0000");

/** An app as it is counted over the fleet. */
export type FleetApp = readonly [identifier: string, version: string, name: string];

/** One entry for each identifier: of several copies on one machine, the last one in the list counts. */
export function fleetApps({ items }: Pick<AnsweredList, "items">): FleetApp[] {
  const byIdentifier = new Map<string, FleetApp>();
  for (const [, { identifier, short_version, version, name }] of items) {
    if (typeof identifier !== "string") continue;
    const shown = String(short_version ?? version ?? "").slice(0, 60);
    byIdentifier.set(identifier.slice(0, 200), [
      identifier.slice(0, 200),
      shown,
      String(name ?? "").slice(0, 100),
    ]);
  }
  return [...byIdentifier.values()];
}
