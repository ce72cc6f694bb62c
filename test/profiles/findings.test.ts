import { describe, expect, test } from "vitest";
import { utf8 } from "../../src/base/bytes.ts";
import { findingLevels } from "../../src/catalog/finding.ts";
import { type PlistDict, PlistReal, type PlistValue } from "../../src/plist/value.ts";
import { libraryFindings, profileFindings } from "../../src/profiles/check-profile.ts";
import { catalogRemedies, profileRules } from "../../src/profiles/findings.ts";
import { certificateOf, fixture, forgeCertificate, pemText } from "../support/pki.ts";

// Every rule of profiles with a profile that breaks it and one that keeps it; what Apple's schema states is tested
// with the catalogue, but for one row here that shows it is asked.

const now = Date.UTC(2026, 10, 21);
const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
type Keys = { [key: string]: PlistValue | undefined };

const dict = (keys: Keys): PlistDict =>
  new Map(Object.entries(keys).filter((entry): entry is [string, PlistValue] => entry[1] !== undefined));

let made = 0;
const payload = (PayloadType: string, keys: Keys = {}): PlistDict => {
  made += 1;
  const common = { PayloadType, PayloadVersion: 1, PayloadIdentifier: `com.example.test.${made}` };
  return dict({ ...common, PayloadUUID: uuid(made), ...keys });
};

const wifi = (keys: Keys = {}) => payload("com.apple.wifi.managed", { SSID_STR: "Office", ...keys });
const profile = (content: PlistValue | undefined = [wifi()], keys: Keys = {}): PlistDict =>
  dict({
    PayloadType: "Configuration",
    PayloadVersion: 1,
    PayloadIdentifier: "com.example.test",
    PayloadUUID: uuid(999_999),
    PayloadContent: content,
    ...keys,
  });
const top = (keys: Keys) => profile(undefined, keys);
const withTop = (keys: Keys) => profile([wifi()], keys);

const authority = fixture("authority.cert");
const leaf = fixture("device.cert");
const past = new Date(now - 1000);
const future = new Date(now + 1_000_000);
const old = await forgeCertificate({
  issuer: { name: certificateOf(authority).subject, pkcs8: fixture("authority.key") },
  subject: certificateOf(leaf).subject,
  spki: certificateOf(leaf).spki,
  notAfter: Date.UTC(2024, 0, 1),
});
const envelope = fixture("encrypted-aes128.cms");
const pkcs1 = (n: number, content: PlistValue = authority) =>
  payload("com.apple.security.pkcs1", { PayloadUUID: uuid(n), PayloadContent: content });
const scep = (n: number, keys: Keys = {}) =>
  payload("com.apple.security.scep", {
    PayloadUUID: uuid(n),
    PayloadContent: dict({ URL: "https://ca.example.com/scep", Keysize: 2048, ...keys }),
  });
const pkcs12 = (keys: Keys) =>
  payload("com.apple.security.pkcs12", {
    PayloadContent: fixture("legacy.p12"),
    Password: "geheim",
    ...keys,
  });
const acme = (keys: Keys) =>
  payload("com.apple.security.acme", {
    DirectoryURL: "https://ca.example.com/acme/directory",
    ClientIdentifier: "one",
    KeyType: "ECSECPrimeRandom",
    KeySize: 384,
    HardwareBound: true,
    Subject: [[["CN", "device"]]],
    ...keys,
  });
const mdm = (keys: Keys = {}, keysOfProfile: Keys = {}) =>
  profile(
    [
      scep(1_001),
      pkcs1(1_002),
      payload("com.apple.mdm", {
        IdentityCertificateUUID: uuid(1_001),
        Topic: "com.apple.mgmt.External.1",
        ServerURL: "https://mdm.example.com/mdm",
        AccessRights: 8191,
        ServerCapabilities: ["com.apple.mdm.per-user-connections"],
        ...keys,
      }),
    ],
    keysOfProfile,
  );
const byod = { EnrollmentMode: "BYOD", AssignedManagedAppleID: "ada@example.com", AccessRights: undefined };
const escrow = (n: number) =>
  payload("com.apple.security.FDERecoveryKeyEscrow", {
    EncryptCertPayloadUUID: uuid(n),
    Location: "Example",
  });

const preferences = (settings: Keys) => {
  const forced = dict({ Forced: [dict({ mcx_preference_settings: dict(settings) })] });
  return payload("com.apple.ManagedClient.preferences", { PayloadContent: dict({ "com.example": forced }) });
};

type Row = [rule: keyof typeof profileRules, pointer: string, breaks: PlistDict, keeps: PlistDict];

const rows: Row[] = [
  ["empty-identifier", "/PayloadIdentifier", withTop({ PayloadIdentifier: " " }), profile()],
  [
    "empty-identifier",
    "/PayloadContent/0/PayloadIdentifier",
    profile([wifi({ PayloadIdentifier: "" })]),
    profile(),
  ],
  ["unusual-identifier", "/PayloadIdentifier", withTop({ PayloadIdentifier: "Wi-Fi at work" }), profile()],
  ["empty-uuid", "/PayloadUUID", withTop({ PayloadUUID: "" }), profile()],
  ["unusual-uuid", "/PayloadUUID", withTop({ PayloadUUID: "one" }), profile()],
  ["variable-in-identity", "/PayloadUUID", withTop({ PayloadUUID: "{{device.udid}}" }), profile()],
  [
    "variable-in-identity",
    "/PayloadContent/0/PayloadUUID",
    profile([wifi({ PayloadUUID: "{{device.id}}" })]),
    profile(),
  ],
  ["missing-content", "/PayloadContent", top({ PayloadContent: undefined }), profile()],
  ["missing-content", "/PayloadContent", profile([]), profile()],
  [
    "content-beside-encrypted",
    "/PayloadContent",
    withTop({ IsEncrypted: true, EncryptedPayloadContent: envelope }),
    top({ PayloadContent: undefined, IsEncrypted: true, EncryptedPayloadContent: envelope }),
  ],
  [
    "missing-encrypted-content",
    "/EncryptedPayloadContent",
    top({ PayloadContent: undefined, IsEncrypted: true }),
    withTop({ IsEncrypted: false }),
  ],
  [
    "not-marked-encrypted",
    "/IsEncrypted",
    top({ PayloadContent: undefined, EncryptedPayloadContent: envelope }),
    top({ PayloadContent: undefined, IsEncrypted: true, EncryptedPayloadContent: envelope }),
  ],
  [
    "bad-encrypted-content",
    "/EncryptedPayloadContent",
    top({ PayloadContent: undefined, IsEncrypted: true, EncryptedPayloadContent: utf8("plain") }),
    top({ PayloadContent: undefined, IsEncrypted: true, EncryptedPayloadContent: envelope }),
  ],
  [
    "encrypted-for-one",
    "/EncryptedPayloadContent",
    top({ PayloadContent: undefined, IsEncrypted: true, EncryptedPayloadContent: envelope }),
    profile(),
  ],
  [
    "bad-language",
    "/ConsentText/in English",
    withTop({ ConsentText: dict({ default: "Do you?", "in English": "Do you?" }) }),
    withTop({ ConsentText: dict({ default: "Do you?", "pt-BR": "Concorda?" }) }),
  ],
  [
    "no-default-language",
    "/ConsentText/default",
    withTop({ ConsentText: dict({ en: "Do you?" }) }),
    withTop({ ConsentText: dict({ default: "Do you?" }) }),
  ],
  ["consent-over-mdm", "/ConsentText", withTop({ ConsentText: dict({ default: "Do you?" }) }), profile()],
  ["removal-date-past", "/RemovalDate", withTop({ RemovalDate: past }), withTop({ RemovalDate: future })],
  [
    "bad-duration",
    "/DurationUntilRemoval",
    withTop({ DurationUntilRemoval: new PlistReal(-1) }),
    withTop({ DurationUntilRemoval: new PlistReal(3600) }),
  ],
  [
    "bad-duration",
    "/DurationUntilRemoval",
    withTop({ DurationUntilRemoval: 0 }),
    withTop({ DurationUntilRemoval: 60 }),
  ],
  [
    "two-removal-times",
    "/DurationUntilRemoval",
    withTop({ RemovalDate: future, DurationUntilRemoval: 60 }),
    withTop({ RemovalDate: future }),
  ],
  [
    "expired",
    "/PayloadExpirationDate",
    withTop({ PayloadExpirationDate: past }),
    withTop({ PayloadExpirationDate: future }),
  ],
  [
    "removal-password-missing",
    "/HasRemovalPasscode",
    withTop({ HasRemovalPasscode: true }),
    profile([payload("com.apple.profileRemovalPassword", { RemovalPassword: "x" })], {
      HasRemovalPasscode: true,
    }),
  ],
  [
    "removal-password-unannounced",
    "/HasRemovalPasscode",
    profile([payload("com.apple.profileRemovalPassword", { RemovalPassword: "x" })]),
    profile([payload("com.apple.profileRemovalPassword", { RemovalPassword: "x" })], {
      HasRemovalPasscode: true,
    }),
  ],
  [
    "duplicate-identifier",
    "/PayloadContent/1/PayloadIdentifier",
    profile([wifi({ PayloadIdentifier: "com.example.a" }), wifi({ PayloadIdentifier: "com.example.a" })]),
    profile([wifi(), wifi()]),
  ],
  [
    "duplicate-uuid",
    "/PayloadContent/1/PayloadUUID",
    profile([wifi({ PayloadUUID: uuid(7) }), wifi({ PayloadUUID: uuid(7) })]),
    profile([wifi(), wifi()]),
  ],
  [
    "duplicate-uuid",
    "/PayloadContent/0/PayloadUUID",
    profile([wifi({ PayloadUUID: uuid(999_999) })]),
    profile(),
  ],
  [
    "reserved-key",
    "/PayloadContent/0/PayloadColour",
    profile([payload("com.example.app", { PayloadColour: "red" })]),
    profile([payload("com.example.app", { Colour: "red", PayloadDisplayName: "App" })]),
  ],
  [
    "reserved-key",
    "/PayloadContent/0/PayloadContent/com.example/Forced/0/mcx_preference_settings/PayloadSize",
    profile([preferences({ PayloadSize: 1 })]),
    profile([preferences({ Size: 1 })]),
  ],
  [
    "unknown-reference",
    "/PayloadContent/0/PayloadCertificateUUID",
    profile([wifi({ PayloadCertificateUUID: uuid(500) })]),
    profile([wifi({ PayloadCertificateUUID: uuid(500) }), scep(500)]),
  ],
  [
    "unknown-reference",
    "/PayloadContent/0/EAPClientConfiguration/PayloadCertificateAnchorUUID/0",
    profile([
      wifi({
        EAPClientConfiguration: dict({ AcceptEAPTypes: [13], PayloadCertificateAnchorUUID: [uuid(501)] }),
      }),
    ]),
    profile([
      wifi({
        EAPClientConfiguration: dict({ AcceptEAPTypes: [13], PayloadCertificateAnchorUUID: [uuid(501)] }),
      }),
      pkcs1(501),
    ]),
  ],
  [
    "wrong-reference-kind",
    "/PayloadContent/0/PayloadCertificateUUID",
    profile([wifi({ PayloadCertificateUUID: uuid(502) }), pkcs1(502)]),
    profile([wifi({ PayloadCertificateUUID: uuid(502) }), scep(502)]),
  ],
  [
    "wrong-reference-kind",
    "/PayloadContent/0/EncryptCertPayloadUUID",
    profile([
      escrow(503),
      payload("com.apple.security.pem", {
        PayloadUUID: uuid(503),
        PayloadContent: utf8(pemText("authority.cert")),
      }),
    ]),
    profile([escrow(503), pkcs1(503)]),
  ],
  [
    "wrong-reference-kind",
    "/PayloadContent/2/IdentityCertificateUUID",
    mdm({ IdentityCertificateUUID: uuid(1_002) }),
    mdm(),
  ],
  [
    "platform-conflict",
    "/PayloadContent/1",
    profile([payload("com.apple.dock"), payload("com.apple.shareddeviceconfiguration")]),
    profile([payload("com.apple.dock"), wifi()]),
  ],
  [
    "target-conflict",
    "/PayloadContent/0",
    profile([payload("com.apple.dock")], { TargetDeviceType: 4 }),
    profile([payload("com.apple.dock")], { TargetDeviceType: 5 }),
  ],
  [
    "scope-conflict",
    "/PayloadContent/0",
    profile([payload("com.apple.screensaver.user")], { PayloadScope: "System" }),
    profile([payload("com.apple.screensaver.user")], { PayloadScope: "User" }),
  ],
  [
    "scope-conflict",
    "/PayloadContent/1",
    profile([payload("com.apple.screensaver.user"), payload("com.apple.screensaver")]),
    profile([payload("com.apple.screensaver"), payload("com.apple.dock")]),
  ],
  ["not-over-mdm", "/PayloadContent/0/PayloadType", profile([payload("com.apple.declarations")]), profile()],
  [
    "bad-certificate",
    "/PayloadContent/0/PayloadContent",
    profile([pkcs1(600, utf8("no"))]),
    profile([pkcs1(600)]),
  ],
  [
    "bad-certificate",
    "/PayloadContent/0/PayloadContent",
    profile([payload("com.apple.security.pem", { PayloadContent: authority })]),
    profile([payload("com.apple.security.pem", { PayloadContent: utf8(pemText("authority.cert")) })]),
  ],
  [
    "bad-certificate",
    "/PayloadContent/0/PayloadContent",
    profile([payload("com.apple.security.pem", { PayloadContent: utf8(pemText("authority.key")) })]),
    profile([payload("com.apple.security.root", { PayloadContent: authority })]),
  ],
  [
    "not-an-authority",
    "/PayloadContent/0/PayloadContent",
    profile([payload("com.apple.security.root", { PayloadContent: leaf })]),
    profile([payload("com.apple.security.root", { PayloadContent: authority })]),
  ],
  [
    "expired-certificate",
    "/PayloadContent/0/PayloadContent",
    profile([pkcs1(601, old.der)]),
    profile([pkcs1(601)]),
  ],
  [
    "bad-pkcs12",
    "/PayloadContent/0/PayloadContent",
    profile([pkcs12({ Password: "wrong" })]),
    profile([pkcs12({})]),
  ],
  [
    "no-pkcs12-password",
    "/PayloadContent/0/Password",
    profile([pkcs12({ Password: undefined })]),
    profile([pkcs12({ Password: "{{attribute.p12}}" })]),
  ],
  [
    "bad-url",
    "/PayloadContent/0/PayloadContent/URL",
    profile([scep(602, { URL: "ca.example.com" })]),
    profile([scep(602)]),
  ],
  [
    "bad-url",
    "/PayloadContent/0/DirectoryURL",
    profile([acme({ DirectoryURL: "http://ca.example.com" })]),
    profile([acme({ DirectoryURL: "{{attribute.ca}}" })]),
  ],
  ["bad-url", "/PayloadContent/2/ServerURL", mdm({ ServerURL: "http://mdm.example.com" }), mdm()],
  [
    "bad-url",
    "/PayloadContent/2/CheckInURL",
    mdm({ CheckInURL: "https://me@mdm.example.com" }),
    mdm({ CheckInURL: "https://mdm.example.com:2001/in" }),
  ],
  [
    "weak-key",
    "/PayloadContent/0/PayloadContent/Keysize",
    profile([scep(603, { Keysize: undefined })]),
    profile([scep(603)]),
  ],
  [
    "bad-subject",
    "/PayloadContent/0/PayloadContent/Subject",
    profile([scep(604, { Subject: [[["name", "x"]]] })]),
    profile([scep(604, { Subject: [[["CN", "x"]], [["2.5.4.5", "name"]]] })]),
  ],
  [
    "bad-key-size",
    "/PayloadContent/0/KeySize",
    profile([acme({ KeySize: 2048, HardwareBound: false })]),
    profile([acme({})]),
  ],
  [
    "bad-key-size",
    "/PayloadContent/0/KeySize",
    profile([acme({ KeyType: "RSA", KeySize: 2047, HardwareBound: false })]),
    profile([acme({ KeyType: "RSA", KeySize: 2048, HardwareBound: false })]),
  ],
  [
    "not-hardware-bound",
    "/PayloadContent/0/HardwareBound",
    profile([acme({ KeySize: 521 })]),
    profile([acme({ KeySize: 521, HardwareBound: false })]),
  ],
  [
    "attest-needs-hardware",
    "/PayloadContent/0/Attest",
    profile([acme({ Attest: true, HardwareBound: false })]),
    profile([acme({ Attest: true })]),
  ],
  ["bad-topic", "/PayloadContent/2/Topic", mdm({ Topic: "com.example.push" }), mdm()],
  ["bad-access-rights", "/PayloadContent/2/AccessRights", mdm({ AccessRights: 0 }), mdm({ AccessRights: 1 })],
  ["bad-access-rights", "/PayloadContent/2/AccessRights", mdm({ AccessRights: 2 }), mdm({ AccessRights: 3 })],
  [
    "bad-access-rights",
    "/PayloadContent/2/AccessRights",
    mdm({ AccessRights: 128 }),
    mdm({ AccessRights: 192 }),
  ],
  ["bad-access-rights", "/PayloadContent/2/AccessRights", mdm({ AccessRights: undefined }), mdm(byod)],
  [
    "rights-in-user-enrollment",
    "/PayloadContent/2/AccessRights",
    mdm({ ...byod, AccessRights: 8191 }),
    mdm(byod),
  ],
  [
    "removal-in-user-enrollment",
    "/PayloadRemovalDisallowed",
    mdm(byod, { PayloadRemovalDisallowed: true }),
    mdm({}, { PayloadRemovalDisallowed: true }),
  ],
  [
    "bad-enrollment-mode",
    "/PayloadContent/2/AssignedManagedAppleID",
    mdm({ EnrollmentMode: "ADDE" }),
    mdm({ EnrollmentMode: "ADDE", AssignedManagedAppleID: "a@example.com" }),
  ],
  [
    "bad-enrollment-mode",
    "/PayloadContent/2/EnrollmentMode",
    mdm({ AssignedManagedAppleID: "a@example.com" }),
    mdm(byod),
  ],
  [
    "bad-enrollment-mode",
    "/PayloadContent/2/ManagedAppleID",
    mdm({ ...byod, ManagedAppleID: "a@example.com" }),
    mdm({ ManagedAppleID: "a@example.com", AccessRights: undefined }),
  ],
  [
    "bad-enrollment-mode",
    "/PayloadContent/2/RequiredAppIDForMDM",
    mdm({ RequiredAppIDForMDM: 1 }),
    mdm({ ...byod, RequiredAppIDForMDM: 1 }),
  ],
  [
    "bad-capability",
    "/PayloadContent/2/ServerCapabilities",
    mdm({ ServerCapabilities: ["com.apple.mdm.per-user-connections", "com.example.more"] }),
    mdm({ ServerCapabilities: ["com.apple.mdm.per-user-connections", "com.apple.mdm.token"] }),
  ],
  [
    "no-user-connections",
    "/PayloadContent/2/ServerCapabilities",
    mdm({ ServerCapabilities: undefined }),
    mdm(),
  ],
  [
    "development-push",
    "/PayloadContent/2/UseDevelopmentAPNS",
    mdm({ UseDevelopmentAPNS: true }),
    mdm({ UseDevelopmentAPNS: false }),
  ],
  [
    "bad-pin",
    "/PayloadContent/2/ServerURLPinningCertificateUUIDs",
    mdm({ ServerURLPinningCertificateUUIDs: [uuid(9)] }),
    mdm({ ServerURLPinningCertificateUUIDs: [uuid(1_002)] }),
  ],
  [
    "unknown-variable",
    "/PayloadContent/0/SSID_STR",
    profile([wifi({ SSID_STR: "{{serial}}" })]),
    profile([wifi({ SSID_STR: "{{device.serial_number}} {{{{serial}}" })]),
  ],
  [
    "unclosed-variable",
    "/PayloadContent/0/SSID_STR",
    profile([wifi({ SSID_STR: "{{device.name}" })]),
    profile([wifi({ SSID_STR: "{{device.name}} {{{{" })]),
  ],
];

const found = async (one: PlistDict) =>
  (await profileFindings(one, now)).map(({ code, pointer }) => `${code} ${pointer}`);

test.each(rows)("%s at %s", async (rule, pointer, breaks, keeps) => {
  expect(await found(breaks)).toContain(`${rule} ${pointer}`);
  expect(await found(keeps)).not.toContain(`${rule} ${pointer}`);
});

test("each rule has its row, but those that need a device or a library, and a remedy", () => {
  const elsewhere = ["missing-variable", "scope-channel", "mdm-in-library"];

  expect([...new Set([...rows.map(([name]) => name), ...elsewhere])].toSorted()).toEqual(
    Object.keys(profileRules).toSorted(),
  );
  for (const { remedy } of Object.values(profileRules)) expect(remedy).toMatch(/^[A-Z].{10,}\.$/);
  expect(Object.keys(catalogRemedies).toSorted()).toEqual(Object.keys(findingLevels).toSorted());
});

describe("what a profile is judged by", () => {
  test("good ones have nothing said of them", async () => {
    expect(await found(profile())).toEqual([]);
    expect(await found(mdm())).toEqual([]);
    expect(await found(mdm(byod))).toEqual([]);
  });

  test("Apple's schema is asked too, with what it suggests", async () => {
    const [finding, ...more] = await profileFindings(profile([wifi({ SSID: "Office" })]), now);

    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      code: "unknown-key",
      pointer: "/PayloadContent/0/SSID",
      level: "warning",
    });
    expect(finding?.remedy).not.toBe("");
  });

  test("the form of a text with a variable is judged when it is filled in", async () => {
    const anchored = (EncryptionType: string) => profile([wifi({ EncryptionType })]);

    expect(await found(anchored("WPA9"))).toEqual(["not-in-list /PayloadContent/0/EncryptionType"]);
    expect(await found(anchored("{{attribute.wifi}}"))).toEqual([]);
  });

  test("a channel takes profiles of its scope", async () => {
    const system = withTop({ PayloadScope: "System" });
    const codes = async (channel: "device" | "user") =>
      (await profileFindings(system, now, { channel })).map(({ code }) => code);

    expect(await codes("user")).toContain("scope-channel");
    expect(await codes("device")).not.toContain("scope-channel");
  });

  test("the library takes no enrollment profile", () => {
    expect(libraryFindings(mdm())).toMatchObject([{ code: "mdm-in-library", pointer: "/PayloadContent/2" }]);
    expect(libraryFindings(profile())).toEqual([]);
  });

  test("nonsense is judged without a fault", async () => {
    const odd: PlistDict[] = [
      dict({}),
      profile("text"),
      profile([1, ["x"], dict({})]),
      profile([payload("com.apple.mdm", { AccessRights: "all", ServerCapabilities: [1], Topic: 1 })]),
      profile([payload("com.apple.security.scep", { PayloadContent: dict({ Subject: [1, [2]], URL: 3 }) })]),
      withTop({
        ConsentText: "text",
        RemovalDate: "soon",
        TargetDeviceType: "x",
        EncryptedPayloadContent: 1,
      }),
    ];

    for (const one of odd) expect((await profileFindings(one, now)).length).toBeGreaterThan(0);
  });
});
