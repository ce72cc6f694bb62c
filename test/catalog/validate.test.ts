import { describe, expect, test } from "vitest";
import {
  checkCommand,
  checkCredential,
  checkDeclaration,
  checkPayload,
  checkProfile,
} from "../../src/catalog/check.ts";
import type { Context } from "../../src/catalog/context.ts";
import { type Finding, refusesIn } from "../../src/catalog/finding.ts";
import { commandSpec } from "../../src/catalog/lookup.ts";
import { nearMiss } from "../../src/catalog/near-miss.ts";
import type { Spec } from "../../src/catalog/spec.ts";
import { validate } from "../../src/catalog/validate.ts";
import { type PlistInput, PlistReal, type PlistValue } from "../../src/plist/value.ts";

const dict = (members: Record<string, PlistInput>) => new Map(Object.entries(members)) as PlistValue;
const codes = (findings: readonly Finding[]) => findings.map(({ code, pointer }) => `${code} ${pointer}`);
const command = async (type: string, payload: unknown, context: Context = {}) =>
  codes(await checkCommand(type, payload, context, "json"));

test("every problem of a payload is told at once, each with its place, what was found and what is allowed", async () => {
  const findings = await checkCommand(
    "EraseDevice",
    { PIN: 123456, ObliterationBehavior: "Never", ReturnToService: { WiFiProfileData: "&&" }, Pni: "1" },
    { platform: "macos" },
    "json",
  );

  expect(findings).toEqual([
    { level: "error", pointer: "/PIN", code: "wrong-type", detail: "found integer; allowed: string" },
    {
      level: "error",
      pointer: "/ObliterationBehavior",
      code: "not-in-list",
      detail: 'found "Never"; allowed: "Default", "DoNotObliterate", "ObliterateWithWarning", "Always"',
    },
    {
      level: "warning",
      pointer: "/ReturnToService",
      code: "not-on-platform",
      detail: "it does not exist on macos",
    },
    {
      level: "error",
      pointer: "/ReturnToService/WiFiProfileData",
      code: "bad-format",
      detail: "the text is not base64",
    },
    {
      level: "error",
      pointer: "/ReturnToService/Enabled",
      code: "missing-key",
      detail: "Enabled is missing; it takes a boolean",
    },
    {
      level: "error",
      pointer: "/Pni",
      code: "unknown-key",
      detail: "the catalogue does not know this key",
      suggestion: "PIN",
    },
  ]);
});

describe("what is known of the device", () => {
  test.each<[string, string, unknown, Context, string[]]>([
    ["nothing known, nothing told", "SetRecoveryLock", { NewPassword: "x" }, {}, []],
    [
      "a command of another platform",
      "SetRecoveryLock",
      { NewPassword: "x" },
      { platform: "tvos" },
      ["not-on-platform "],
    ],
    [
      "a system too old for the command",
      "SetRecoveryLock",
      { NewPassword: "x" },
      { platform: "macos", osVersion: "11.4.9" },
      ["os-too-old "],
    ],
    [
      "a system just new enough",
      "SetRecoveryLock",
      { NewPassword: "x" },
      { platform: "macos", osVersion: "11.5" },
      [],
    ],
    [
      "a system too old for one key",
      "EraseDevice",
      { ReturnToService: { Enabled: true } },
      { platform: "ios", osVersion: "16.7" },
      ["os-too-old /ReturnToService"],
    ],
    [
      "iPadOS counts as iOS",
      "EraseDevice",
      { PIN: "123456" },
      { platform: "ipados" },
      ["not-on-platform /PIN"],
    ],
    [
      "a deprecated command",
      "OSUpdateStatus",
      {},
      { platform: "macos", osVersion: "26.0", supervised: true },
      ["deprecated "],
    ],
    [
      "a removed command",
      "OSUpdateStatus",
      {},
      { platform: "macos", osVersion: "27.0", supervised: true },
      ["removed "],
    ],
    [
      "supervision needed",
      "EnableLostMode",
      { Message: "lost" },
      { platform: "ios", supervised: false },
      ["needs-supervision "],
    ],
    [
      "automated enrollment needed",
      "SetAutoAdminPassword",
      { GUID: "x", passwordHash: "AA==" },
      { platform: "macos", enrollmentKind: "device" },
      ["needs-automated-enrollment "],
    ],
    [
      "a user enrollment",
      "EraseDevice",
      {},
      { platform: "ios", enrollmentKind: "user" },
      ["forbidden-in-user-enrollment "],
    ],
    [
      "the user channel of a Mac",
      "DeviceLock",
      {},
      { platform: "macos", channel: "user" },
      ["wrong-channel "],
    ],
    [
      "a Shared iPad",
      "ClearPasscode",
      { UnlockToken: "AA==" },
      { platform: "ipados", sharedIpad: true },
      ["shared-ipad "],
    ],
    [
      "an iPad that is not shared",
      "LogOutUser",
      {},
      { platform: "ipados", sharedIpad: false },
      ["shared-ipad "],
    ],
    [
      "a user channel of a Shared iPad",
      "DeviceLock",
      {},
      { platform: "ipados", sharedIpad: true, channel: "user" },
      ["wrong-channel "],
    ],
    [
      "a right that is missing",
      "DeviceLock",
      {},
      { platform: "ios", accessRights: 8191 - 4 },
      ["forbidden-by-access-rights "],
    ],
    ["a right that is there", "DeviceLock", {}, { platform: "ios", accessRights: 4 }, []],
    [
      "rights of a user enrollment, which are fixed",
      "DeviceLock",
      {},
      { platform: "ios", accessRights: 0, enrollmentKind: "user" },
      [],
    ],
    [
      "a query whose right is missing",
      "DeviceInformation",
      { Queries: ["UDID", "DeviceName", "WiFiMAC", "HostName"] },
      { platform: "ios", accessRights: 16 },
      ["needs-access-right /Queries/2", "not-on-platform /Queries/3"],
    ],
  ])("%s", async (_, type, payload, context, expected) => {
    expect(await command(type, payload, context)).toEqual(expected);
  });

  test("the missing access right is named, and refuses", async () => {
    const [finding] = await checkCommand("EraseDevice", {}, { platform: "ios", accessRights: 4 }, "json");

    expect(finding).toMatchObject({
      level: "error",
      detail: "the enrollment has AccessRights 4; it needs 8 (AllowDeviceErase)",
    });
  });

  test("a declaration asks for its enrollments and its scopes", async () => {
    const passcode = (context: Context) =>
      checkDeclaration(
        "com.apple.configuration.softwareupdate.enforcement.specific",
        {
          TargetOSVersion: "26.1",
          TargetLocalDateTime: "2026-01-31T12:00:00",
        },
        context,
      );

    expect(codes(await passcode({ platform: "ios", enrollmentKind: "user" }))).toEqual(["wrong-enrollment "]);
    expect(codes(await passcode({ platform: "ios", enrollmentKind: "ade", supervised: true }))).toEqual([]);
    expect(codes(await passcode({ platform: "macos", channel: "user" }))).toEqual(["wrong-channel "]);
  });

  test("a required key that the device cannot have is not missed", async () => {
    const spec: Spec = {
      kind: "commands",
      id: "Ring",
      file: "ring",
      os: { ios: { introduced: "12.0" }, macos: { introduced: "10.15" } },
      keys: [
        { name: "Bell", type: "string", required: true, os: { macos: null, ios: { introduced: "15.0" } } },
      ],
    };
    const missing = (context: Context) => codes(validate(new Map(), spec, context));

    expect(missing({})).toEqual([]);
    expect(missing({ platform: "macos" })).toEqual([]);
    expect(missing({ platform: "ios", osVersion: "14.0" })).toEqual([]);
    expect(missing({ platform: "ios", osVersion: "15.0" })).toEqual(["missing-key /Bell"]);
    expect(missing({ platform: "ios" })).toEqual(["missing-key /Bell"]);
  });
});

describe("the settings, each a dictionary told by its Item", () => {
  test("each setting is judged by its own keys", async () => {
    const settings = [
      { Item: "DeviceName", DeviceName: 7 },
      { Item: "Bluetooth" },
      { Item: "Blutooth", Enabled: true },
      { Enabled: true },
    ];

    expect(await command("Settings", { Settings: settings })).toEqual([
      "wrong-type /Settings/0/DeviceName",
      "missing-key /Settings/1/Enabled",
      "not-in-list /Settings/2/Item",
      "missing-key /Settings/3/Item",
    ]);
  });

  test("a misspelt setting is recognised", async () => {
    const [finding] = await checkCommand("Settings", { Settings: [{ Item: "Blutooth" }] }, {}, "json");

    expect(finding?.suggestion).toBe("Bluetooth");
  });
});

describe("what the catalogue does not know", () => {
  test.each([
    ["RestartDevise", "RestartDevice"],
    ["installprofile", "InstallProfile"],
    ["DeviceLcok", "DeviceLock"],
    ["Completely different", undefined],
  ])("the command %s is an error; suggestion: %s", async (type, suggestion) => {
    const [finding] = await checkCommand(type, {});

    expect(finding).toMatchObject({ level: "error", code: "unknown-type", pointer: "" });
    expect(finding?.suggestion).toBe(suggestion);
  });

  test("an unknown declaration and an unknown credential are warnings as well", async () => {
    expect(codes(await checkDeclaration("com.apple.configuration.passcode", {}))).toEqual(["unknown-type "]);
    expect(codes(await checkCredential("com.apple.credential.none", {}))).toEqual(["unknown-type "]);
  });

  test("an empty or endless name finds no neighbour", () => {
    expect(nearMiss("", ["a"])).toBeUndefined();
    expect(nearMiss("x".repeat(101), ["x".repeat(101)])).toBeUndefined();
    expect(nearMiss("PayloadIdentifer", ["PayloadUUID", "PayloadIdentifier"])).toBe("PayloadIdentifier");
  });
});

describe("profiles", () => {
  const payload = (members: Record<string, PlistInput>) =>
    dict({ PayloadIdentifier: "a.b", PayloadUUID: "1-2", PayloadVersion: 1, ...members });
  const profile = (...content: PlistValue[]) =>
    payload({ PayloadType: "Configuration", PayloadContent: content });

  test("a payload is judged by its own keys and by those that all payloads share", async () => {
    const wifi = dict({
      PayloadType: "com.apple.wifi.managed",
      SSID_STR: "Office",
      AutoJoin: 1,
      PayloadUUID: "1",
    });

    expect(codes(await checkPayload(wifi))).toEqual([
      "wrong-type /AutoJoin",
      "missing-key /PayloadIdentifier",
      "missing-key /PayloadVersion",
    ]);
  });

  test("the pointers of a whole profile lead to the payload", async () => {
    const content = [
      payload({ PayloadType: "com.apple.webClip.managed", URL: "https://example.com" }),
      payload({ PayloadType: "com.example.app", Anything: true }),
    ];

    expect(codes(await checkProfile(profile(...content), { platform: "tvos" }))).toEqual([
      "not-on-platform /PayloadContent/0",
      "missing-key /PayloadContent/0/Label",
      "unknown-type /PayloadContent/1/PayloadType",
    ]);
  });

  test("a type that a device takes once is told when it comes twice", async () => {
    const layout = payload({ PayloadType: "com.apple.homescreenlayout", Pages: [] });

    expect(codes(await checkProfile(profile(layout, layout), { platform: "ios" }))).toEqual([
      "only-one-allowed /PayloadContent/1",
    ]);
    expect(codes(await checkProfile(profile(layout, layout)))).toEqual([
      "only-one-allowed /PayloadContent/1",
    ]);
    // Macs take several.
    const notices = payload({ PayloadType: "com.apple.notificationsettings", NotificationSettings: [] });
    expect(await checkProfile(profile(notices, notices))).toEqual([]);
  });

  test.each<Context>([
    {},
    { platform: "macos", osVersion: "15.2", channel: "device", enrollmentKind: "ade" },
  ])("an enrollment profile as devices are given it has no finding for %o", async (context) => {
    const anchor = payload({
      PayloadType: "com.apple.security.pem",
      PayloadContent: new Uint8Array([1]),
      PayloadCertificateFileName: "ca.pem",
    });
    const scep = payload({
      PayloadType: "com.apple.security.scep",
      PayloadContent: dict({
        URL: "https://mdm.example.com/scep",
        Subject: [[["O", "Example"]], [["CN", "device"]]],
        Challenge: "once",
        Keysize: 2048,
        "Key Type": "RSA",
        "Key Usage": 5,
        KeyIsExtractable: false,
      }),
    });
    const mdm = payload({
      PayloadType: "com.apple.mdm",
      IdentityCertificateUUID: "6BA7B810-9DAD-11D1-80B4-00C04FD430C8",
      Topic: "com.apple.mgmt.External.1",
      ServerURL: "https://mdm.example.com/mdm",
      SignMessage: true,
      CheckOutWhenRemoved: true,
      AccessRights: 8191,
      ServerCapabilities: ["com.apple.mdm.per-user-connections", "com.apple.mdm.bootstraptoken"],
    });

    expect(await checkProfile(profile(anchor, scep, mdm), context)).toEqual([]);
  });

  test("a name of the subject has two parts", async () => {
    const acme = payload({ PayloadType: "com.apple.security.acme", Subject: [[["CN"]]] });

    expect(codes(await checkPayload(acme))).toContain("wrong-count /Subject/0/0");
  });

  test("the Kerberos extension is judged by its own file", async () => {
    const kerberos = payload({
      PayloadType: "com.apple.extensiblesso",
      ExtensionIdentifier: "com.apple.AppSSOKerberos.KerberosExtension",
      TeamIdentifier: "apple",
      Type: "Credential",
      Hosts: [".example.com"],
      ExtensionData: { cacheName: 5 },
    });

    expect(codes(await checkPayload(kerberos))).toContain("wrong-type /ExtensionData/cacheName");
  });

  test("an identity's name may be one or several where devices take both", async () => {
    const scep = (name: PlistInput) =>
      payload({
        PayloadType: "com.apple.security.scep",
        PayloadContent: new Map<string, PlistInput>([
          ["URL", "https://example.com"],
          ["SubjectAltName", new Map([["dNSName", name]]) as PlistValue],
        ]) as PlistValue,
      });

    expect(await checkPayload(scep("a.example"))).toEqual([]);
    expect(await checkPayload(scep(["a.example", "b.example"]))).toEqual([]);
    expect(codes(await checkPayload(scep(["a.example", 7])))).toEqual([
      "wrong-type /PayloadContent/SubjectAltName/dNSName/1",
    ]);
  });
});

describe("values of both forms", () => {
  const spec: Spec = {
    kind: "commands",
    id: "Ring",
    file: "ring",
    os: {},
    keys: [
      { name: "Data", type: "data" },
      { name: "Date", type: "date" },
      { name: "Real", type: "real" },
      { name: "Integer", type: "integer", range: { min: 0 } },
      { name: "Any", type: "any" },
      { name: "Free", type: "dictionary" },
      { name: "Text", type: "string", format: "^[a-z]+$" },
    ],
  };
  const json = (value: unknown) => codes(validate(value, spec, {}, { form: "json" }));
  const plist = (members: Record<string, PlistInput>) => codes(validate(dict(members), spec));

  test("JSON writes data, dates and reals as it can", () => {
    expect(json({ Data: "AQI=", Date: "2026-01-31T12:00:00Z", Real: 1, Integer: 5 })).toEqual([]);
    expect(json({ Data: "A", Date: "tomorrow", Real: "1", Integer: 1.5 })).toEqual([
      "bad-format /Data",
      "bad-format /Date",
      "wrong-type /Real",
      "wrong-type /Integer",
    ]);
    expect(json({ Date: "2026-02-30T99:00:00Z" })).toEqual(["bad-format /Date"]);
  });

  test("tagged objects stand for what they name, everywhere", () => {
    expect(json({ Data: { $data: "AQI=" }, Integer: { $integer: "18446744073709551615" } })).toEqual([]);
    expect(json({ Text: { $data: "AQI=" }, Integer: { $real: 1 } })).toEqual([
      "wrong-type /Text",
      "wrong-type /Integer",
    ]);
    expect(json({ Any: { $data: 5 }, Free: { $dict: { $data: "any" } } })).toEqual(["bad-format /Any"]);
  });

  test("null is nothing that a property list holds, wherever it stands", () => {
    expect(json({ Text: null, Any: [null], Free: { a: null }, Unknown: { b: null } })).toEqual([
      "wrong-type /Text",
      "wrong-type /Any/0",
      "wrong-type /Free/a",
      "unknown-key /Unknown",
      "wrong-type /Unknown/b",
    ]);
  });

  test("property lists are exact, but a whole number serves as a real", () => {
    expect(plist({ Data: new Uint8Array(1), Date: new Date(), Real: 5, Integer: 2n ** 63n })).toEqual([]);
    expect(plist({ Data: "AQI=", Date: "2026-01-31T12:00:00Z", Integer: new PlistReal(1) })).toEqual([
      "wrong-type /Data",
      "wrong-type /Date",
      "wrong-type /Integer",
    ]);
    expect(plist({ Integer: -1n })).toEqual(["out-of-range /Integer"]);
  });

  test("something else than a dictionary has one problem", () => {
    expect(json([])).toEqual(["wrong-type "]);
    expect(json("{}")).toEqual(["wrong-type "]);
    expect(json(undefined)).toEqual(["wrong-type "]);
  });

  test("names that JavaScript knows are names like others", () => {
    expect(json(JSON.parse('{"__proto__": 1, "constructor": 2, "hasOwnProperty": 3}'))).toEqual([
      "unknown-key /__proto__",
      "unknown-key /constructor",
      "unknown-key /hasOwnProperty",
    ]);
  });

  test("pointers escape what has a meaning in them", () => {
    expect(json({ "a/b~c": 1 })).toEqual(["unknown-key /a~1b~0c"]);
  });

  test("secrets that do not match their format are not repeated", () => {
    const [finding] = validate({ Text: "S3CRET" }, spec, {}, { form: "json" });

    expect(JSON.stringify(finding)).not.toContain("S3CRET");
  });
});

describe("bounded work", () => {
  const deep = (levels: number): unknown => (levels === 0 ? "end" : [deep(levels - 1)]);
  const free: Spec = {
    kind: "commands",
    id: "Free",
    file: "free",
    os: {},
    keys: [{ name: "Any", type: "any" }],
  };
  const look = (value: unknown) => codes(validate(value, free, {}, { form: "json" }));

  test("depth is limited", () => {
    expect(look({ Any: deep(60) })).toEqual([]);
    expect(look({ Any: deep(5000) })).toEqual([`too-deep /Any${"/0".repeat(64)}`]);
  });

  test("the number of values is limited", () => {
    expect(look({ Any: Array.from({ length: 200_000 }, () => 1) })[0]).toMatch(/^too-large/);
  });

  test("findings end with the word that there are more", () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`Unknown ${at}`, 1]));
    const findings = look(many);

    expect(findings.length).toBe(200);
    expect(findings.at(-1)).toBe("too-many-findings ");
  });

  test("a structure that holds itself is followed as far as the value goes", async () => {
    const icon = { Type: "Folder", Pages: [[{ Type: "Folder", Pages: [[{ Type: "Paper" }]] }]] };
    const layout = { PayloadType: "com.apple.homescreenlayout", Pages: [[icon]] };
    const findings = await checkPayload(layout, {}, "json");

    expect(codes(findings)[0]).toBe("not-in-list /Pages/0/0/Pages/0/0/Pages/0/0/Type");
  });
});

test("a caller decides whether errors refuse", () => {
  const error = { level: "error", pointer: "", code: "wrong-type", detail: "" } as const;
  const warning = { level: "warning", pointer: "", code: "unknown-key", detail: "" } as const;

  expect(refusesIn("strict", [warning])).toBe(false);
  expect(refusesIn("strict", [warning, error])).toBe(true);
  expect(refusesIn("warn", [error])).toBe(false);
  expect(refusesIn("off", [error])).toBe(false);
});

test("a credential is judged like a payload", async () => {
  expect(codes(await checkCredential("com.apple.credential.usernameandpassword", { UserName: 5 }))).toContain(
    "wrong-type /UserName",
  );
});

test("a command may come with its envelope's own keys", async () => {
  expect(await checkCommand("DeviceLock", dict({ RequestType: "DeviceLock" }))).toEqual([]);
});

test("answers of devices are judged by the response keys", async () => {
  const spec = (await commandSpec("UserList")) as Spec;
  const answer = dict({ Users: [dict({ UserName: 5 })] });

  expect(codes(validate(answer, spec, {}, { part: "response" }))).toContain("wrong-type /Users/0/UserName");
});
