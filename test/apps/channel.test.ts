import { expect, test } from "vitest";
import type { App, AppDevice } from "../../src/apps/app.ts";
import { channelFor, isUndecided } from "../../src/apps/channel.ts";
import { installCommand } from "../../src/apps/commanded.ts";
import { declareApp } from "../../src/apps/declared.ts";
import { mayUpdate, nextWindowAt } from "../../src/apps/window.ts";

const app = (more: Partial<App> = {}): App => ({
  name: "slack",
  version: 1,
  source: { store: { adamId: "618783545", location: "berlin" } },
  file: null,
  identifier: "com.example.slack",
  platforms: ["iOS", "macOS"],
  licensedTo: "device",
  updates: "always",
  pinnedVersion: null,
  removeWhenUnassigned: true,
  configuration: null,
  ...more,
});

const device = (more: Partial<AppDevice> = {}): AppDevice => ({
  platform: "ios",
  productName: undefined,
  osVersion: "26.1",
  supervised: true,
  kind: "ade",
  sharedIpad: false,
  declares: undefined,
  mayInstall: true,
  ...more,
});

const configured = { configuration: { sha256: "00", size: 2 } };
const manifest = { source: { manifest: { url: "https://apps.example.com/a.plist", bundleId: null } } };

test.each<[string, Partial<App>, Partial<AppDevice>, string]>([
  ["a new iPhone", {}, {}, "declarations"],
  ["an iPhone before configurations", {}, { osVersion: "18.3.2" }, "commands"],
  [
    "an iPhone that does not know them",
    {},
    { declares: new Set(["com.apple.configuration.legacy"]) },
    "commands",
  ],
  ["an app that is to stay", { removeWhenUnassigned: false }, {}, "commands"],
  ["a Shared iPad", {}, { platform: "ipados", sharedIpad: true }, "commands"],
  ["an Apple TV", { platforms: ["tvOS"] }, { platform: "tvos" }, "commands"],
  ["a new Mac", {}, { platform: "macos" }, "declarations"],
  ["a Mac that is not supervised", {}, { platform: "macos", supervised: false, kind: "device" }, "commands"],
  ["a Mac of its user", {}, { platform: "macos", supervised: false, kind: "user" }, "declarations"],
  ["a configured app on macOS 26", configured, { platform: "macos" }, "commands"],
  ["a configured app on macOS 27", configured, { platform: "macos", osVersion: "27.0" }, "declarations"],
  [
    "a package for a Mac of its user",
    manifest,
    { platform: "macos", supervised: false, kind: "user" },
    "commands",
  ],
])("%s gets it by the channel that the policy says", (_, what, where, channel) => {
  expect(
    channelFor(app({ ...what, ...("source" in what && { platforms: undefined }) }), device(where)),
  ).toEqual({
    ok: true,
    value: channel,
  });
});

test.each<[string, Partial<App>, Partial<AppDevice>, boolean]>([
  ["a new Mac that has not said so yet", {}, { supervised: undefined, kind: "device" }, true],
  ["a Mac that said that it is not", {}, { supervised: false, kind: "device" }, false],
  ["a Mac of its user, for an app of the store", {}, { supervised: undefined, kind: "user" }, false],
  ["a Mac whose system takes commands alone", {}, { supervised: undefined, osVersion: "15.5" }, false],
  ["an app that is to stay", { removeWhenUnassigned: false }, { supervised: undefined }, false],
])("whether %s is supervised may decide how an app comes to it", (_, what, where, decides) => {
  expect(isUndecided(app(what), device({ platform: "macos", ...where }))).toBe(decides);
});

test("an app for another platform, or an enrollment without the right, is refused in words", () => {
  expect(channelFor(app({ platforms: ["macOS"] }), device())).toEqual({
    ok: false,
    refusal: "the app is for macOS, and this is an iPhone",
  });
  const refused = channelFor(app(), device({ osVersion: "17.0", mayInstall: false }));
  expect(refused).toMatchObject({ ok: false, refusal: expect.stringContaining("does not let this server") });
});

const addressOf = (sha256: string): string => `https://mdm.example.com/mdm/data/${sha256}`;

test("a system before 26 is told no key that it does not know", () => {
  const told = (osVersion: string) =>
    declareApp(app({ pinnedVersion: 7, ...configured }), device({ osVersion }), { touches: 0, addressOf });

  const [asset, older] = told("18.4");
  const [, newer] = told("26.0");

  expect(older?.payload).toEqual({
    AppStoreID: "618783545",
    InstallBehavior: { Install: "Required", License: { Assignment: "Device" } },
    LegacyAppConfigAssetReference: "edgemdm.app.slack.configuration",
  });
  expect(newer?.payload.InstallBehavior).toMatchObject({ Version: 7 });
  expect(asset).toMatchObject({ identifier: "edgemdm.app.slack.configuration", files: ["00"] });
});

test("a command says what the platform takes", () => {
  expect(installCommand(app(), device({ platform: "tvos" }), {})).toEqual({
    RequestType: "InstallApplication",
    iTunesStoreID: 618783545,
    Options: { PurchaseMethod: 1 },
    ManagementFlags: 1,
    ChangeManagementState: "Managed",
  });
  expect(installCommand(app(manifest), device({ platform: "macos", osVersion: "15.2" }), {})).toMatchObject({
    RequestType: "InstallEnterpriseApplication",
    InstallAsManaged: true,
  });
  const store = { adamId: "618783545", location: "berlin" };
  const everywhere = app({
    platforms: ["iOS"],
    source: { store: { ...store, platforms: ["ios", "macos"] } },
  });
  const ofPhones = installCommand(everywhere, device({ platform: "macos", osVersion: "15.2" }), {});
  expect(ofPhones).toMatchObject({ RequestType: "InstallApplication", iOSApp: true });
  const ofUser = installCommand(app(), device({ kind: "user" }), {});
  expect(ofUser).not.toHaveProperty("ChangeManagementState");
});

test("a window is of the device's own clock, and may lie over midnight", () => {
  const night = { from: 22 * 60, until: 5 * 60 };
  const at = (time: string) => Date.parse(`2026-11-28T${time}:00Z`);

  expect(mayUpdate(night, "Europe/Zurich", at("21:30"))).toBe(true);
  expect(mayUpdate(night, "UTC", at("21:30"))).toBe(false);
  expect(mayUpdate(night, "Europe/Zurich", at("04:00"))).toBe(false);
  expect(mayUpdate(night, "Not/AZone", at("23:00"))).toBe(true);
  expect(nextWindowAt(night, "UTC", at("21:30"))).toBe(at("22:00"));
  expect(nextWindowAt("always", "UTC", at("21:30"))).toBeUndefined();
});
