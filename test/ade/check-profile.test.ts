import { beforeAll, expect, test } from "vitest";
import { defineProfileCall } from "../../src/ade/calls.ts";
import { checkAdeProfile, type ProfileContext } from "../../src/ade/check-profile.ts";
import type { AdeProfile } from "../../src/ade/profile.ts";
import { findingOf } from "../../src/ade/profile-findings.ts";
import { loadSkipItems, type SkipItems } from "../../src/ade/skip-items.ts";
import { toBase64 } from "../../src/base/bytes.ts";
import { credential } from "../support/pki.ts";
import { talkToApple } from "./apple.ts";

let skipItems: SkipItems;
beforeAll(async () => {
  skipItems = await loadSkipItems();
});

const base = { profile_name: "Schools", url: "https://mdm.example.com/enroll/ade" };
const certificate = toBase64(credential("device").certificate.der);
const check = (profile: unknown, context: Partial<ProfileContext> = {}) =>
  checkAdeProfile(profile, {
    now: Date.parse("2027-01-01T00:00:00Z"),
    userAgent: "edgemdm/0.1",
    skipItems,
    serverHost: "mdm.example.com",
    ...context,
  });
const errorsOf = (profile: unknown) => check(profile).errors.map(({ code, pointer }) => `${code} ${pointer}`);
const warningsOf = (profile: unknown, context: Partial<ProfileContext> = {}) =>
  check(profile, context).warnings.map(({ code, pointer }) => `${code} ${pointer}`);

test("a plain profile and a full one have nothing wrong", () => {
  expect(check(base)).toEqual({ errors: [], warnings: [] });
  expect(
    check({
      ...base,
      configuration_web_url: "https://mdm.example.com/enroll/ade/web",
      allow_pairing: false,
      is_supervised: true,
      is_mandatory: true,
      is_mdm_removable: false,
      is_multi_user: true,
      await_device_configured: true,
      auto_advance_setup: true,
      is_return_to_service: true,
      do_not_use_profile_from_backup: true,
      support_phone_number: "+49 30 1234567",
      support_email_address: "it@example.com",
      department: "IT",
      org_magic: "5F0E",
      supervising_host_certs: [certificate],
      skip_setup_items: ["AppleID", "Siri"],
      language: "de",
      region: "DE",
    }),
  ).toEqual({ errors: [], warnings: [] });
});

/** Each of Apple's codes, what brings it, and what just does not. */
const appleRules: [string, string, object, object][] = [
  ["CONFIG_NAME_REQUIRED", "/profile_name", { profile_name: undefined }, {}],
  ["CONFIG_NAME_INVALID", "/profile_name", { profile_name: "" }, { profile_name: "x" }],
  [
    "CONFIG_NAME_INVALID",
    "/profile_name",
    { profile_name: "x".repeat(126) },
    { profile_name: "x".repeat(125) },
  ],
  [
    "CONFIG_NAME_INVALID",
    "/profile_name",
    { profile_name: "😀".repeat(126) },
    { profile_name: "😀".repeat(125) },
  ],
  ["CONFIG_NAME_INVALID", "/profile_name", { profile_name: 5 }, {}],
  ["CONFIG_URL_REQUIRED", "/url", { url: undefined }, {}],
  ["CONFIG_URL_INVALID", "/url", { url: "" }, {}],
  ["CONFIG_URL_INVALID", "/url", { url: urlOf(2001) }, { url: urlOf(2000) }],
  [
    "CONFIG_URL_INVALID",
    "/url",
    { url: "https://mdm.example.com/a b" },
    { url: "https://mdm.example.com/a%20b" },
  ],
  ["CONFIG_URL_INVALID", "/url", { url: "mdm.example.com" }, {}],
  ["CONFIG_URL_INVALID", "/configuration_web_url", { configuration_web_url: "" }, {}],
  ["DEPARTMENT_INVALID", "/department", { department: "" }, { department: "x" }],
  ["DEPARTMENT_INVALID", "/department", { department: "x".repeat(126) }, { department: "x".repeat(125) }],
  ["FLAGS_INVALID", "/is_mdm_removable", { is_mdm_removable: false }, { is_mdm_removable: true }],
  [
    "FLAGS_INVALID",
    "/is_mdm_removable",
    { is_mdm_removable: false, is_supervised: false },
    { is_mdm_removable: false, is_supervised: true },
  ],
  ["LOCALE_INVALID", "/language", { language: "xx" }, { language: "en" }],
  ["LOCALE_INVALID", "/language", { language: "" }, { language: "haw" }],
  ["LOCALE_INVALID", "/region", { region: "XX" }, { region: "US" }],
  ["LOCALE_INVALID", "/region", { region: "de" }, { region: "DE" }],
  ["MAGIC_INVALID", "/org_magic", { org_magic: "" }, { org_magic: "x" }],
  ["MAGIC_INVALID", "/org_magic", { org_magic: "x".repeat(257) }, { org_magic: "x".repeat(256) }],
  ["SUPPORT_EMAIL_INVALID", "/support_email_address", { support_email_address: "" }, {}],
  [
    "SUPPORT_EMAIL_INVALID",
    "/support_email_address",
    { support_email_address: `${"x".repeat(239)}@example.com` },
    { support_email_address: `${"x".repeat(238)}@example.com` },
  ],
  ["SUPPORT_PHONE_INVALID", "/support_phone_number", { support_phone_number: "" }, {}],
  [
    "SUPPORT_PHONE_INVALID",
    "/support_phone_number",
    { support_phone_number: "1".repeat(51) },
    { support_phone_number: "1".repeat(50) },
  ],
];

function urlOf(length: number): string {
  const start = "https://mdm.example.com/";
  return start + "x".repeat(length - start.length);
}

test.each(appleRules)(
  "%s is found at %s here as at Apple, and not at the limit",
  async (code, pointer, bad, good) => {
    expect(errorsOf({ ...base, ...bad })).toEqual([`${code} ${pointer}`]);
    expect(errorsOf({ ...base, ...good })).toEqual([]);

    const { client } = talkToApple();
    const sent = async (profile: object) => client.call(defineProfileCall(profile as AdeProfile));
    const refused = await sent({ ...base, ...bad });
    expect(!refused.ok && findingOf(refused.refusal)?.code).toBe(code);
    expect((await sent({ ...base, ...good })).ok).toBe(true);
  },
);

test("the account's User-Agent is looked at too", () => {
  expect(check(base, { userAgent: " " }).errors).toMatchObject([{ code: "USER_AGENT_MISSING" }]);
  expect(check(base, { userAgent: "mäc/1" }).errors).toMatchObject([{ code: "USER_AGENT_INVALID" }]);
  expect(check(base, { userAgent: "edgemdm/1.0 (example.com)" }).errors).toEqual([]);
});

test("everything wrong is told at once", () => {
  expect(
    errorsOf({
      url: "ftp://mdm.example.com",
      department: "",
      org_magic: "",
      support_phone_number: "",
      support_email_address: "nobody",
      is_mdm_removable: false,
      is_supervised: "yes",
      language: "klingon",
      anchor_certs: ["AAAA"],
    }).sort(),
  ).toEqual([
    "CONFIG_NAME_REQUIRED /profile_name",
    "CONFIG_URL_INVALID /url",
    "DEPARTMENT_INVALID /department",
    "FLAGS_INVALID /is_mdm_removable",
    "LOCALE_INVALID /language",
    "MAGIC_INVALID /org_magic",
    "SUPPORT_EMAIL_INVALID /support_email_address",
    "SUPPORT_PHONE_INVALID /support_phone_number",
    "bad-certificate /anchor_certs/0",
    "wrong-type /is_supervised",
  ]);
});

test.each([
  "http://mdm.example.com/",
  "https:///enroll",
  "https://user:secret@mdm.example.com/",
  "https://mdm.example.com/#here",
  "https://mdm.example.com/a[b]",
  "https://mdm.example.com/100%",
  "https://mdm.example.com/\\enroll",
  "https://mdm.example.com/ümlaut",
  "https://mdm.example.com:99999/",
  " https://mdm.example.com/",
])("%j is no URL for a device", (url) => {
  expect(errorsOf({ ...base, url })).toEqual(["CONFIG_URL_INVALID /url"]);
});

test("an IPv6 host in brackets is a host", () => {
  expect(errorsOf({ ...base, url: "https://[2001:db8::1]/enroll" })).toEqual([]);
});

test.each<[string, object, string]>([
  ["a mistyped key", { is_supervized: true }, "unknown-key /is_supervized"],
  ["devices", { devices: [] }, "unknown-key /devices"],
  ["a uuid", { profile_uuid: "1" }, "unknown-key /profile_uuid"],
  ["a key from Object", { constructor: 1 }, "unknown-key /constructor"],
  ["a text for a flag", { is_mandatory: "true" }, "wrong-type /is_mandatory"],
  ["a text for a list", { skip_setup_items: "Siri" }, "wrong-type /skip_setup_items"],
  ["a number in a list", { skip_setup_items: [5] }, "wrong-type /skip_setup_items"],
  ["what is no certificate", { anchor_certs: [certificate, "!"] }, "bad-certificate /anchor_certs/1"],
  ["a huge profile", { skip_setup_items: ["x".repeat(600_000)] }, "too-large "],
])("%s is refused in this server's words", (_, change, error) => {
  expect(errorsOf({ ...base, ...change })).toEqual([error]);
});

test("a mistyped key is told the right one, and null is a key left out", () => {
  expect(check({ ...base, is_supervized: true }).errors[0]?.detail).toContain("is_supervised");
  expect(errorsOf({ ...base, department: null, is_supervised: null })).toEqual([]);
  expect(errorsOf({ ...base, url: null })).toEqual(["CONFIG_URL_REQUIRED /url"]);
  expect(errorsOf([])).toEqual(["MALFORMED_REQUEST_BODY "]);
});

test("a certificate that expired is told", () => {
  const later = check(
    { ...base, supervising_host_certs: [certificate] },
    { now: Date.parse("2050-01-01T00:00:00Z") },
  );

  expect(later.errors).toMatchObject([{ code: "certificate-expired", pointer: "/supervising_host_certs/0" }]);
});

test.each<[object, string[]]>([
  [{ anchor_certs: [certificate] }, ["pinned-chain /anchor_certs"]],
  [{ anchor_certs: [] }, []],
  [{ profile_name: "ü".repeat(100) }, ["many-bytes /profile_name"]],
  [{ url: "https://elsewhere.example.com/" }, ["other-host /url"]],
  [{ configuration_web_url: "https://login.example.com/" }, ["other-host /configuration_web_url"]],
  [{ language: "en" }, ["half-locale /region"]],
  [{ region: "US" }, ["half-locale /language"]],
  [{ is_multi_user: true }, ["needs-supervision /is_multi_user"]],
  [{ auto_advance_setup: true }, ["needs-locale /auto_advance_setup", "no-account /auto_advance_setup"]],
  [
    { is_return_to_service: true, await_device_configured: false },
    ["awaits-anyway /await_device_configured"],
  ],
])("%j is weighed, not refused", (change, warnings) => {
  expect(errorsOf({ ...base, ...change })).toEqual([]);
  expect(warningsOf({ ...base, ...change })).toEqual(warnings);
});

test.each<[string, ProfileContext["targets"], string[]]>([
  ["Siri", [], []],
  ["Sirri", [], ["skip-item-unknown /skip_setup_items/0"]],
  ["AgeAssurance", [], ["skip-item-unknown /skip_setup_items/0"]],
  ["FileVault", [{ platform: "ios" }], ["skip-item-elsewhere /skip_setup_items/0"]],
  ["FileVault", [{ platform: "ios" }, { platform: "macos" }], []],
  ["Passcode", [{ platform: "tvos" }], ["skip-item-elsewhere /skip_setup_items/0"]],
  ["Tips", [{ platform: "visionos", osVersion: "26.0" }], []],
  ["ActionButton", [{ platform: "ios", osVersion: "16.7" }], ["skip-item-too-new /skip_setup_items/0"]],
  ["ActionButton", [{ platform: "ios", osVersion: "17.0" }], []],
  ["Wallpaper", [{ platform: "macos", osVersion: "26.0" }], ["skip-item-retired /skip_setup_items/0"]],
  ["Wallpaper", [{ platform: "macos", osVersion: "15.6" }], []],
  ["Zoom", [{ platform: "ios", osVersion: "17.0" }], ["skip-item-retired /skip_setup_items/0"]],
  ["LiquidGlass", [{ platform: "macos", osVersion: "26.4" }], ["skip-item-too-new /skip_setup_items/0"]],
  ["OSShowcase", [{ platform: "macos", osVersion: "26.1" }], []],
  ["OSShowcase", [{ platform: "ios", osVersion: "26.0" }], []],
])("the skip item %s for %j", (item, targets, warnings) => {
  expect(warningsOf({ ...base, skip_setup_items: [item] }, { targets: targets ?? [] })).toEqual(warnings);
});
