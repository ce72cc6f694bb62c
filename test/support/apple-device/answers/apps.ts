/** Apps and books: what is installed, what is managed, and what has become of it. */
import type { PlistDict, PlistInput } from "../../../../src/plist/value.ts";
import { failed } from "../connect.ts";
import type { AppleDevice } from "../device.ts";
import type { App } from "../state.ts";
import { type Ask, dictAt, done, type Handlers, malformed, textAt, textsAt } from "./command.ts";

const entry = (device: AppleDevice, app: App): { [key: string]: PlistInput | undefined } => ({
  Identifier: app.identifier,
  Name: app.name,
  Version: app.version,
  ShortVersion: app.version,
  BundleSize: app.bundleBytes,
  DynamicSize: device.flavour.platform === "macos" ? undefined : 4_194_304,
  IsValidated: true,
  Installing: false,
  AppStoreVendable: app.identifier.startsWith("com.apple."),
  DeviceBasedVPP: app.managed,
  BetaApp: false,
  AdHocCodeSigned: false,
  HasUpdateAvailable: false,
});

function installedApps({ device, payload }: Ask) {
  const identifiers = textsAt(payload, "Identifiers");
  const items = textsAt(payload, "Items");
  const managedOnly = payload.get("ManagedAppsOnly") === true || device.byUser;
  return [...device.state.apps.values()]
    .filter((app) => !managedOnly || app.managed)
    .filter((app) => !identifiers || identifiers.includes(app.identifier))
    .map((app) => {
      const all = Object.entries(entry(device, app));
      const wanted = ([key]: [string, unknown]): boolean =>
        key === "Identifier" || items?.includes(key) !== false;
      return Object.fromEntries(all.filter(wanted));
    });
}

const managedApps = ({ device, payload }: Pick<Ask, "device" | "payload">): App[] => {
  const identifiers = textsAt(payload, "Identifiers");
  return [...device.state.apps.values()].filter(
    (app) => app.managed && (!identifiers || identifiers.includes(app.identifier)),
  );
};

function install(device: AppleDevice, identifier: string, payload: PlistDict): void {
  const known = device.state.apps.get(identifier);
  device.state.apps.set(identifier, {
    identifier,
    name: known?.name ?? identifier.split(".").at(-1) ?? identifier,
    version: known?.version ?? "1.0",
    bundleBytes: known?.bundleBytes ?? 50_000_000,
    managed: device.flavour.platform !== "macos" || payload.get("InstallAsManaged") === true,
    configuration: dictAt(payload, "Configuration"),
    attributes: dictAt(payload, "Attributes"),
  });
}

const sources = ["iTunesStoreID", "Identifier", "ManifestURL"] as const;

export const appCommands: Handlers = {
  InstalledApplicationList: {
    device: "imtvw",
    user: "m",
    userEnrollment: "iv",
    answer: (ask) => done({ InstalledApplicationList: installedApps(ask) }),
  },
  ManagedApplicationList: {
    device: "imtvw",
    user: "m",
    userEnrollment: "imv",
    answer: (ask) =>
      done({
        ManagedApplicationList: Object.fromEntries(
          managedApps(ask).map((app) => [
            app.identifier,
            {
              Status: "Managed",
              ManagementFlags: 1,
              HasConfiguration: app.configuration !== undefined,
              HasFeedback: false,
              IsValidated: true,
            },
          ]),
        ),
      }),
  },
  InstallApplication: {
    device: "imtvw",
    user: "m",
    userEnrollment: "imv",
    answer: ({ device, payload }) => {
      const given = sources.filter((key) => payload.has(key));
      if (given.length !== 1) return malformed;
      const storeId = payload.get("iTunesStoreID");
      const identifier =
        textAt(payload, "Identifier") ??
        (storeId === undefined ? "com.example.from-manifest" : `com.example.store.${String(storeId)}`);
      install(device, identifier, payload);
      return device.flavour.platform === "macos"
        ? done()
        : done({ Identifier: identifier, State: "Installing" });
    },
  },
  InstallEnterpriseApplication: {
    device: "m",
    userEnrollment: "m",
    answer: ({ device, payload }) => {
      if (payload.has("Manifest") === payload.has("ManifestURL")) return malformed;
      install(device, "com.example.enterprise", payload);
      return done();
    },
  },
  RemoveApplication: {
    device: "imtvw",
    userEnrollment: "iv",
    answer: ({ device, payload }) => {
      const identifier = textAt(payload, "Identifier");
      if (identifier === undefined) return malformed;
      if (!device.state.apps.get(identifier)?.managed) {
        return failed(12055, `The app “${identifier}” is not managed.`);
      }
      device.state.apps.delete(identifier);
      return done();
    },
  },
  ManagedApplicationConfiguration: {
    device: "imtvw",
    userEnrollment: "imv",
    answer: (ask) =>
      done({
        ApplicationConfigurations: managedApps(ask).map(({ identifier, configuration }) => ({
          Identifier: identifier,
          Configuration: configuration,
        })),
      }),
  },
  ManagedApplicationAttributes: {
    device: "itvw",
    userEnrollment: "iv",
    answer: (ask) =>
      done({
        ApplicationAttributes: managedApps(ask).map(({ identifier, attributes }) => ({
          Identifier: identifier,
          Attributes: attributes,
        })),
      }),
  },
  ManagedApplicationFeedback: {
    device: "itvw",
    user: "m",
    userEnrollment: "iv",
    answer: () => done({ ManagedApplicationFeedback: [] }),
  },
  ValidateApplications: { device: "itv", userEnrollment: "iv", answer: () => done() },
  ManagedMediaList: { device: "i", userEnrollment: "i", answer: () => done({ Books: [] }) },
  // Acknowledged even if there was nothing to remove.
  RemoveMedia: { device: "i", userEnrollment: "i", answer: () => done() },
};
