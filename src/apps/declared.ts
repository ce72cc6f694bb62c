// App: Managed: https://developer.apple.com/documentation/devicemanagement/appmanaged
// Package: https://developer.apple.com/documentation/devicemanagement/package
import {
  type App,
  type AppDevice,
  activationOf,
  appConfiguration,
  configurationOf,
  declarationOf,
  manifestAt,
  packageConfiguration,
} from "./app.ts";
import { isAtLeast, isIosAppOnMac, isMac } from "./channel.ts";

/** A declaration before its server token is made. */
export type PlainDeclaration = {
  type: string;
  identifier: string;
  payload: { [key: string]: PlainValue };
  /** SHA-256 of the data at its addresses. */
  files: readonly string[];
  /** What is at its addresses without a digest in it: with another one, the device looks again. */
  content?: string | undefined;
  /** Goes up to make the device read, or check for an update, once more. */
  touches: number;
};

type PlainValue = string | number | boolean | PlainValue[] | { [key: string]: PlainValue };

/** The declarations of an app for one device: the app, what it is configured with, and what activates both. */
export function declareApp(
  app: App,
  device: AppDevice,
  {
    touches,
    addressOf,
    manifestUrl,
  }: { touches: number; addressOf: (sha256: string) => string; manifestUrl?: string | undefined },
): PlainDeclaration[] {
  const { name, configuration } = app;
  const content = app.file?.id;
  const activation = {
    type: "com.apple.activation.simple",
    identifier: activationOf(name),
    payload: { StandardConfigurations: [declarationOf(name)] },
    files: [],
    touches: 0,
  };
  if (isMac(device) && !("store" in app.source))
    return [
      {
        type: packageConfiguration,
        identifier: declarationOf(name),
        payload: {
          ...manifestOf(app, manifestUrl),
          InstallBehavior: { Install: "Required" },
        },
        files: [],
        content,
        touches,
      },
      activation,
    ];
  const declared: PlainDeclaration = {
    type: appConfiguration,
    identifier: declarationOf(name),
    payload: {
      ...sourceOf(app, manifestUrl),
      ...(isIosAppOnMac(app, device) && { iOSApp: true }),
      InstallBehavior: installBehavior(app, device),
      ...updateBehavior(app, device),
      ...(configuration !== null && { LegacyAppConfigAssetReference: configurationOf(name) }),
    },
    files: [],
    content,
    touches,
  };
  if (configuration === null) return [declared, activation];
  const { sha256, size } = configuration;
  const asset: PlainDeclaration = {
    type: "com.apple.asset.data",
    identifier: configurationOf(name),
    payload: {
      Reference: {
        DataURL: addressOf(sha256),
        ContentType: "application/xml",
        Size: size,
        "Hash-SHA-256": sha256,
      },
      Authentication: { Type: "MDM" },
    },
    files: [sha256],
    touches: 0,
  };
  return [asset, declared, activation];
}

const sourceOf = (app: App, manifestUrl: string | undefined): { [key: string]: PlainValue } =>
  "store" in app.source ? { AppStoreID: app.source.store.adamId } : manifestOf(app, manifestUrl);

function manifestOf({ source }: App, hosted: string | undefined): { [key: string]: PlainValue } {
  const ManifestURL = manifestAt(source, hosted);
  return ManifestURL === undefined ? {} : { ManifestURL };
}

/** A system before 26 would not know the keys, and refuse the whole. */
const knowsVersions = ({ platform, osVersion }: AppDevice): boolean =>
  platform !== undefined && isAtLeast(osVersion, "26");

function installBehavior({ licensedTo, pinnedVersion }: App, device: AppDevice) {
  const assignment = licensedTo === "user" ? "User" : "Device";
  return {
    Install: "Required",
    ...(licensedTo !== null && { License: { Assignment: assignment } }),
    ...(pinnedVersion !== null && knowsVersions(device) && { Version: pinnedVersion }),
  };
}

function updateBehavior({ updates, pinnedVersion }: App, device: AppDevice) {
  if (pinnedVersion !== null || !knowsVersions(device)) return {};
  return { UpdateBehavior: { AutomaticAppUpdates: updates === "always" ? "AlwaysOn" : "AlwaysOff" } };
}
