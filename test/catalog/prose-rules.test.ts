import { expect, test } from "vitest";
import { checkCommand } from "../../src/catalog/check.ts";
import type { Context } from "../../src/catalog/context.ts";
import { commandSpec } from "../../src/catalog/lookup.ts";
import { type ProseRule, proseRules } from "../../src/catalog/prose-rules.ts";

// What Apple's schema cannot say of commands. Each row: a payload, what is said of it and where, in which words.

const data = { $data: "AAAA" };
const unsupervised: Context = { platform: "ios", osVersion: "18.0", supervised: false };
const byService: Context = { platform: "ios", osVersion: "18.0", supervised: true, enrollmentKind: "ade" };

test.each<[string, object, Context, string | undefined, string?]>([
  [
    "InstallApplication",
    {},
    {},
    "error one-of ",
    "one of iTunesStoreID, Identifier, ManifestURL must be there",
  ],
  ["InstallApplication", { Identifier: "a.b" }, {}, undefined],
  [
    "InstallApplication",
    { Identifier: "a.b", iTunesStoreID: 1 },
    {},
    "error one-of /Identifier",
    "iTunesStoreID is there too",
  ],

  ["InstallEnterpriseApplication", {}, {}, "error one-of ", "one of Manifest, ManifestURL"],
  [
    "InstallEnterpriseApplication",
    { ManifestURL: "http://example.com" },
    {},
    "error bad-format /ManifestURL",
    "https:",
  ],
  ["InstallEnterpriseApplication", { ManifestURL: "https://example.com" }, {}, undefined],
  [
    "InstallEnterpriseApplication",
    { Manifest: { items: [] }, ManifestURLPinningCerts: [data] },
    {},
    "warning ignored-here /ManifestURLPinningCerts",
    "it does nothing without ManifestURL",
  ],
  [
    "InstallEnterpriseApplication",
    { ManifestURL: "https://example.com", ManagementFlags: 1 },
    {},
    "warning ignored-here /ManagementFlags",
    "without InstallAsManaged true",
  ],

  ["EnableLostMode", { Footnote: "x" }, {}, "error one-of ", "one of Message, PhoneNumber"],
  ["EnableLostMode", { PhoneNumber: "1" }, {}, undefined],

  ["DeleteUser", {}, {}, "error one-of ", "one of UserName, DeleteAllUsers"],
  ["DeleteUser", { DeleteAllUsers: false }, {}, "error one-of ", "one of UserName, DeleteAllUsers"],
  ["DeleteUser", { DeleteAllUsers: true }, {}, undefined],
  ["DeleteUser", { UserName: "ada" }, {}, undefined],

  ["DeviceLock", { PIN: "12345" }, {}, "error bad-format /PIN", "exactly six characters"],
  ["DeviceLock", { PIN: "12345\u{1f600}" }, {}, undefined],
  ["EraseDevice", { PIN: "1234567" }, {}, "error bad-format /PIN", "exactly six characters"],

  [
    "EraseDevice",
    { DisallowProximitySetup: true, PreserveDataPlan: true },
    { platform: "ios", osVersion: "13.7" },
    "error one-of /PreserveDataPlan",
    "before iOS 14 no other option",
  ],
  ["EraseDevice", { DisallowProximitySetup: true, PreserveDataPlan: true }, byService, undefined],
  ["EraseDevice", { DisallowProximitySetup: true }, { platform: "ipados", osVersion: "13.7" }, undefined],
  [
    "EraseDevice",
    { ReturnToService: { Enabled: true } },
    unsupervised,
    "error needs-key /ReturnToService/MDMProfileData",
    "Enabled true needs it: this device does not find its enrollment by itself",
  ],
  ["EraseDevice", { ReturnToService: { Enabled: true } }, byService, undefined],
  ["EraseDevice", { ReturnToService: { Enabled: false } }, unsupervised, undefined],

  [
    "AccountConfiguration",
    { SkipPrimarySetupAccountCreation: true },
    {},
    "error needs-key /AutoSetupAdminAccounts",
    "SkipPrimarySetupAccountCreation true needs it",
  ],
  [
    "AccountConfiguration",
    { SetPrimarySetupAccountAsRegularUser: true },
    {},
    "error needs-key /AutoSetupAdminAccounts",
    "needs an administrator",
  ],
  ["AccountConfiguration", { SkipPrimarySetupAccountCreation: false }, {}, undefined],
  [
    "AccountConfiguration",
    { AutoSetupAdminAccounts: [{ shortName: "a" }, { shortName: "b" }] },
    {},
    "warning ignored-here /AutoSetupAdminAccounts/1",
    "the first one only",
  ],

  ["InstallMedia", { MediaType: "Book" }, {}, "error one-of ", "one of iTunesStoreID, MediaURL"],
  ["RemoveMedia", { MediaType: "Book" }, {}, "error one-of ", "one of iTunesStoreID, PersistentID"],
  ["RemoveMedia", { MediaType: "Book", PersistentID: "a" }, {}, undefined],

  [
    "RestartDevice",
    { KextPaths: ["/a"] },
    {},
    "warning ignored-here /KextPaths",
    "without RebuildKernelCache true",
  ],
  ["RestartDevice", { KextPaths: ["/a"], RebuildKernelCache: true }, {}, undefined],

  [
    "RotateFileVaultKey",
    { KeyType: "institutional", FileVaultUnlock: { PrivateKeyExport: data, PrivateKeyExportPassword: "x" } },
    {},
    "error needs-key /NewCertificate",
    'KeyType "institutional" needs it',
  ],
  [
    "RotateFileVaultKey",
    { KeyType: "personal", FileVaultUnlock: { Password: "x" } },
    {},
    "error needs-key /ReplyEncryptionCertificate",
    "comes back encrypted to it",
  ],
  [
    "RotateFileVaultKey",
    { KeyType: "personal", FileVaultUnlock: {}, ReplyEncryptionCertificate: data },
    {},
    "error one-of /FileVaultUnlock",
    "one of Password, PrivateKeyExport",
  ],
  [
    "RotateFileVaultKey",
    { KeyType: "institutional", FileVaultUnlock: { PrivateKeyExport: data }, NewCertificate: data },
    {},
    "error needs-key /FileVaultUnlock/PrivateKeyExportPassword",
    "it is a file under a password",
  ],

  [
    "ScheduleOSUpdate",
    { Updates: [{ InstallAction: "Default", ProductKey: "a" }, { InstallAction: "Default" }] },
    {},
    "error one-of /Updates/1",
    "one of ProductKey, ProductVersion",
  ],
  [
    "ScheduleOSUpdate",
    { Updates: [{ InstallAction: "InstallASAP", ProductKey: "a", MaxUserDeferrals: 2 }] },
    {},
    "warning ignored-here /Updates/0/MaxUserDeferrals",
    'without InstallAction "InstallLater"',
  ],

  [
    "SetFirmwarePassword",
    { NewPassword: "pässword" },
    {},
    "error bad-format /NewPassword",
    "printable ASCII",
  ],
])("%s with %j of a device %j: %s", async (type, payload, context, said, words = "") => {
  const findings = await checkCommand(type, payload, context, "json");
  const prose = findings.filter(({ detail }) => words !== "" && detail.includes(words));

  const codes = ["one-of", "needs-key", "bad-format", "ignored-here"];
  const told = findings.filter(({ code }) => codes.includes(code));
  expect(told.map(({ level, code, pointer }) => `${level} ${code} ${pointer}`)).toEqual(said ? [said] : []);
  expect(prose).toHaveLength(said ? 1 : 0);
});

test("what is of another type, or nowhere, is left to the validator", async () => {
  const broken = await checkCommand("ScheduleOSUpdate", { Updates: "all" }, {}, "json");
  const absent = await checkCommand("ScheduleOSUpdate", {}, {}, "json");

  expect(broken.map(({ code }) => code)).toEqual(["wrong-type"]);
  expect(absent.map(({ code }) => code)).toEqual(["missing-key"]);
});

test("every rule names keys that the catalogue knows", async () => {
  for (const [requestType, rules] of Object.entries(proseRules)) {
    const spec = await commandSpec(requestType);
    expect(spec, requestType).toBeDefined();
    for (const rule of rules) {
      let keys = spec?.keys ?? [];
      for (const step of rule.at ?? []) {
        const key = keys.find(({ name }) => name === step);
        keys = (step === "*" ? keys : (key?.keys ?? key?.items?.keys)) ?? [];
      }
      const known = keys.map(({ name }) => name);
      for (const name of namesIn(rule)) expect(known, `${requestType} ${name}`).toContain(name);
    }
  }
});

function namesIn(rule: ProseRule): string[] {
  if ("exactlyOneOf" in rule) return [...rule.exactlyOneOf];
  if ("oneOf" in rule) return [...rule.oneOf];
  if ("needs" in rule) return [rule.key, rule.needs];
  return "idleWithout" in rule ? [rule.key, rule.idleWithout] : [rule.key];
}
