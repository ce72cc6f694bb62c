/**
 * How it stands with an app on a device. The words of devices (`ManagedApplicationList`, `app.managed.list`,
 * `package.list`) are put into few of ours, with a reason in words where somebody must act or wait.
 *
 * The surprise: that a device acknowledged a command says nothing of the app. Only its lists do.
 */
export const appStates = [
  "waiting_for_licence",
  "pending",
  "installing",
  "waiting_for_person",
  "installed",
  "failed",
  "not_applicable",
  "removing",
] as const;
export type AppState = (typeof appStates)[number];

/** What a device says of an app that it manages. */
export type ToldApp = {
  identifier: string;
  state: string;
  reasons: readonly { code: string; description?: string | undefined }[];
  version?: string | undefined;
  externalVersion?: string | undefined;
  /** `available` and the like: there is a newer version. */
  update?: string | undefined;
  /** `invalid`: the app refuses its configuration. */
  configuration?: string | undefined;
};

export type Stand = { state: AppState; reason: string | null };

type Words = { readonly [word: string]: Stand };

const waits = (reason: string): Stand => ({ state: "waiting_for_person", reason });
const pending = (reason: string): Stand => ({ state: "pending", reason });
const installing: Stand = { state: "installing", reason: null };
const installed: Stand = { state: "installed", reason: null };
const failed = (reason: string): Stand => ({ state: "failed", reason });

const consent = "the device asks its user whether the app may be installed";
const login =
  "the device asks its user to sign in to the App Store: usually the licence has not arrived there yet";
const offered = "the app is offered to the user";
const absent = "the app is not on the device yet";
const takeover = "the device asks its user whether the app, which is there already, may be managed";

export const supervisionUnsaid = pending(
  "the Mac has not said yet whether it is supervised, which decides how an app comes to it",
);

/** Of `app.managed.list` and `package.list`. */
const declaredWords: Words = {
  optional: pending(offered),
  queued: installing,
  "not-present": pending(absent),
  "prompting-for-consent": waits(consent),
  "prompting-for-login": waits(login),
  "prompting-for-management": waits(takeover),
  downloading: installing,
  installing,
  managed: installed,
  installed,
  "managed-but-uninstalled": failed("the user removed the app"),
  failed: failed("the device could not install the app"),
};

/** Of `ManagedApplicationList`. */
const commandedWords: Words = {
  Queued: installing,
  NeedsRedemption: installing,
  Redeeming: installing,
  ValidatingPurchase: installing,
  ValidatingUpdate: installing,
  Installing: installing,
  Updating: installed,
  Prompting: waits(consent),
  PromptingForLogin: waits(login),
  PromptingForManagement: waits(takeover),
  PromptingForUpdate: installed,
  PromptingForUpdateLogin: installed,
  Managed: installed,
  ManagedButUninstalled: failed("the user removed the app"),
  UserInstalledApp: failed("the user installed the app before, so the device does not manage it"),
  UserRejected: failed("the user refused the app"),
  UpdateRejected: installed,
  ManagementRejected: failed("the user refused that the app is managed"),
  Failed: failed("the device could not install the app"),
};

/** Whether time or a licence may change it; what is not here stays until the app or the device changes. */
const passing = [
  "Error.LicenseNotFound",
  "Error.DownloadFailed",
  "Error.InstallFailed",
  "Error.UpdateFailed",
  "Error.AppStoreDisabled",
  "AppStoreDisabled",
  "Other",
];

const meanings: { readonly [code: string]: string } = {
  "Error.AppStoreDisabled": "the App Store is switched off on the device: a restriction forbids it",
  "Error.DownloadFailed": "the download failed",
  "Error.DuplicateConfiguredApp": "another declaration configures the same app",
  "Error.InstallFailed": "the installation failed",
  "Error.InvalidAppID": "the store does not know the app",
  "Error.InvalidCodeSignature": "the app is signed by somebody else than expected",
  "Error.IsSystemApp": "the app is a part of the system",
  "Error.LicenseNotFound": "Apple has no licence of the app for this device",
  "Error.NotAnApp": "what the store has under this id is not an app",
  "Error.NotSupported": "the device does not support the app",
  "Error.UnmanagedAppAlreadyInstalled":
    "the user installed the app before: on this enrollment it must be removed by hand first",
  "Error.UserRejected": "the user refused the app",
  "Error.UpdateFailed": "the update failed",
  AppStoreDisabled: "the App Store is switched off on the device: a restriction forbids it",
  CouldNotVerifyAppID: "the store does not know the app, or the device does not reach the store",
  ManagementChangeNotSupported:
    "the app is there already, and this enrollment may not take it over: remove it by hand",
  NotAnApp: "what the store has under this id is not an app",
  NotSupported: "the device does not support the app",
  PurchaseMethodNotSupported: "the device does not take licences of Apps and Books",
  PurchaseMethodNotSupportedInMultiUser: "a Shared iPad takes only licences for devices",
};

/** Not an error: the lists will show it. */
const harmless = ["AppAlreadyInstalled", "AppAlreadyQueued"];

export const isHarmless = (code: string): boolean => harmless.includes(code);

export const isPassing = (codes: readonly string[]): boolean =>
  codes.length === 0 || codes.some((code) => passing.includes(code));

export const lacksLicence = (codes: readonly string[]): boolean => codes.includes("Error.LicenseNotFound");

const longestReason = 500;

export function meaningOf(code: string, description?: string): string {
  const known = Object.hasOwn(meanings, code) ? meanings[code] : undefined;
  const words = known ?? description ?? `the device says ${code}`;
  return words.slice(0, longestReason);
}

export const declaredStand = (told: ToldApp): Stand => standIn(declaredWords, told);
export const commandedStand = (told: ToldApp): Stand => standIn(commandedWords, told);

function standIn(words: Words, { state, reasons }: ToldApp): Stand {
  const known = Object.hasOwn(words, state) ? words[state] : undefined;
  const stand = known ?? pending(`the device says ${state}`.slice(0, longestReason));
  const [first] = reasons.filter(({ code }) => !code.startsWith("Info."));
  if (first === undefined || stand.state === "installed") return stand;
  return { ...stand, reason: meaningOf(first.code, first.description) };
}
