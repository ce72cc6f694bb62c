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
  ExternalVersionIdentifier: app.externalVersion,
});

function installedApps({ device, payload }: Ask) {
  const identifiers = textsAt(payload, "Identifiers");
  const items = textsAt(payload, "Items");
  const managedOnly = payload.get("ManagedAppsOnly") === true || device.byUser;
  return [...device.state.apps.values()]
    .filter((app) => !app.isRemovedByUser && !app.isInstalling)
    .filter((app) => !managedOnly || (app.managed && app.declared === undefined))
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
    (app) =>
      app.managed && app.declared === undefined && (!identifiers || identifiers.includes(app.identifier)),
  );
};

/** What is being installed is there the next time. */
function statusOf(app: App): string {
  if (app.isRemovedByUser) return "ManagedButUninstalled";
  if (!app.isInstalling) return "Managed";
  app.isInstalling = false;
  return "Installing";
}

/** A store app needs a licence, which the device shows only as a question for its user. */
async function rejectionOf(device: AppleDevice, payload: PlistDict): Promise<string | undefined> {
  const { store, rejectsApps } = device.state;
  if (rejectsApps !== undefined) return rejectsApps;
  const adamId = payload.get("iTunesStoreID");
  if (adamId === undefined || store === undefined) return undefined;
  return (await store.app(String(adamId))) === undefined ? "CouldNotVerifyAppID" : undefined;
}

/** undefined: there is nothing to fetch. */
async function fetchedBy({ state }: AppleDevice, payload: PlistDict) {
  const url = textAt(payload, "ManifestURL");
  return url === undefined ? undefined : state.installer?.(url);
}

type Fetched = Awaited<ReturnType<typeof fetchedBy>>;

async function install(
  device: AppleDevice,
  identifier: string,
  payload: PlistDict,
  fetched?: Fetched,
): Promise<void> {
  const known = device.state.apps.get(identifier);
  const adamId = payload.get("iTunesStoreID");
  const told = adamId === undefined ? undefined : await device.state.store?.app(String(adamId));
  device.state.apps.set(identifier, {
    identifier,
    name: known?.name ?? identifier.split(".").at(-1) ?? identifier,
    version: told?.version ?? fetched?.version ?? known?.version ?? "1.0",
    externalVersion: told?.externalVersion ?? known?.externalVersion,
    isInstalling: device.state.slowDownloads,
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
              Status: statusOf(app),
              ManagementFlags: 1,
              HasConfiguration: app.configuration !== undefined,
              HasFeedback: false,
              IsValidated: true,
              ...(app.externalVersion !== undefined && { ExternalVersionIdentifier: app.externalVersion }),
            },
          ]),
        ),
      }),
  },
  InstallApplication: {
    device: "imtvw",
    user: "m",
    userEnrollment: "imv",
    answer: async ({ device, payload }) => {
      const given = sources.filter((key) => payload.has(key));
      if (given.length !== 1) return malformed;
      const storeId = payload.get("iTunesStoreID");
      const fetched = await fetchedBy(device, payload);
      const identifier =
        textAt(payload, "Identifier") ??
        (storeId === undefined
          ? (fetched?.identifier ?? "com.example.from-manifest")
          : ((await device.state.store?.app(String(storeId)))?.bundleId ??
            `com.example.store.${String(storeId)}`));
      const rejection = await rejectionOf(device, payload);
      if (rejection !== undefined)
        return {
          ...failed(12_026, `The app was rejected: ${rejection}.`),
          extra: { Identifier: identifier, RejectionReason: rejection },
        };
      await install(device, identifier, payload, fetched);
      return device.flavour.platform === "macos"
        ? done()
        : done({ Identifier: identifier, State: "Installing" });
    },
  },
  InstallEnterpriseApplication: {
    device: "m",
    userEnrollment: "m",
    answer: async ({ device, payload }) => {
      if (payload.has("Manifest") === payload.has("ManifestURL")) return malformed;
      const fetched = await fetchedBy(device, payload);
      await install(device, fetched?.identifier ?? "com.example.enterprise", payload, fetched);
      return done();
    },
  },
  RemoveApplication: {
    device: "imtvw",
    userEnrollment: "iv",
    answer: ({ device, payload }) => {
      const identifier = textAt(payload, "Identifier");
      if (identifier === undefined) return malformed;
      const app = device.state.apps.get(identifier);
      if (!app?.managed || app.declared !== undefined) {
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
