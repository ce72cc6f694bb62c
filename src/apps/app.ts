import type { Platform } from "../mdm/platform.ts";

/**
 * One idea of an app: where it comes from and how it should behave, apart from the ways to bring it to a device. It is
 * compiled to a declaration (`declared.ts`) or to commands (`commanded.ts`).
 *
 * `platforms`: the only ones that it goes to. Left out: those that it is built for (`fit.ts`).
 */
export type AppSource =
  | { store: { adamId: string; location: string; platforms?: readonly Platform[] } }
  /** The owner's own manifest. `bundleId`: what the app is called on devices, where it is known. */
  | { manifest: { url: string; bundleId: string | null; platforms?: readonly Platform[] } }
  /** A file that this server hosts. */
  | { package: { name: string } };

/** Where the manifest is. The address of a hosted one is for one device: it is made for that device. */
export const manifestAt = (source: AppSource, hosted: string | undefined): string | undefined =>
  "manifest" in source ? source.manifest.url : hosted;

/** The app itself: from elsewhere it is another one. A manifest may move to another address. */
export function originOf(source: AppSource): string {
  if ("store" in source) return `store ${source.store.location} ${source.store.adamId}`;
  return "package" in source ? `package ${source.package.name}` : "manifest";
}

/** `from` and `until`: minutes since midnight, in the local time of the device. */
export type AppUpdates = "always" | "never" | { from: number; until: number };

/** What a device knows of one app that it should have. */
export type App = {
  name: string;
  /** The number of the library's content. */
  version: number;
  source: AppSource;
  /** The present file of the package. null: the app comes from elsewhere, or the package has no file. */
  file: { id: string; uploadedAt: number } | null;
  /** Its bundle id, where the store, the manifest or the file says it. */
  identifier: string | null;
  /** Platforms of the store's licence or the file, as Apple names them (`iOS`, `macOS`, …); undefined: nothing says which. */
  platforms: readonly string[] | undefined;
  /** Whose licence pays for it. null: it needs none. */
  licensedTo: "device" | "user" | null;
  updates: AppUpdates;
  /** Apple's external version id. */
  pinnedVersion: number | null;
  removeWhenUnassigned: boolean;
  /** The property list for the app, as this device gets it. */
  configuration: { sha256: string; size: number } | null;
};

/** What manages an app on a device. It is chosen when the app is first wanted there, and stays until it is removed. */
export type AppChannel = "declarations" | "commands";

export type AppDevice = {
  platform: Platform | undefined;
  /** Such as `Mac15,3`. */
  productName: string | undefined;
  osVersion: string | undefined;
  /** undefined: it has not said so. */
  supervised: boolean | undefined;
  kind: "device" | "ade" | "account_device" | "user" | undefined;
  sharedIpad: boolean;
  /** The configurations that it says it knows; undefined: it has not said any. */
  declares: ReadonlySet<string> | undefined;
  /** Whether the enrollment lets this server install apps. */
  mayInstall: boolean;
};

export const appConfiguration = "com.apple.configuration.app.managed";
export const packageConfiguration = "com.apple.configuration.package";

/** How an app is called among a device's declarations. */
const prefix = "edgemdm.app.";
export const declarationOf = (name: string): string => `${prefix}${name}`;
export const activationOf = (name: string): string => `${prefix}${name}.activation`;
export const configurationOf = (name: string): string => `${prefix}${name}.configuration`;

/** The app whose configuration this asset is. */
export const appOfConfiguration = (identifier: string): string | undefined =>
  identifier.startsWith(prefix) && identifier.endsWith(".configuration")
    ? identifier.slice(prefix.length, -".configuration".length)
    : undefined;
