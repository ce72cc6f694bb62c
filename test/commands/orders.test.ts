import { env } from "cloudflare:workers";
import { pbkdf2Sync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { fromUtf8, toBase64 } from "../../src/base/bytes.ts";
import { escrowCertificate } from "../../src/enrollment/escrow-certificates.ts";
import { readPlist } from "../../src/plist/read.ts";
import type { PlistDict } from "../../src/plist/value.ts";
import { adminToken, ask, origin, tokenFor } from "../support/admin.ts";
import type { AppleDevice } from "../support/apple-device.ts";
import {
  alarmOf,
  enrolledDevice,
  give,
  invite,
  newDevice,
  objectOf,
  rewrite,
  topic,
  transport,
} from "../support/fleet.ts";

const order = (
  device: { id: string },
  request_type: string,
  payload: object = {},
  query = "",
  token?: string,
) =>
  ask("POST", `/api/v1/devices/${device.id}/commands?push=false${query}`, {
    json: { request_type, payload },
    ...(token === undefined ? {} : { token }),
  });

/** What the device got, once it has answered. */
async function delivered(device: AppleDevice): Promise<PlistDict> {
  const [turn] = await device.converse();
  await alarmOf(device);
  return turn?.command.payload ?? new Map();
}

const escrowed = async (device: AppleDevice, name: string) =>
  (await objectOf(device).readEscrow(name)).map(({ value, confirmed }) => [fromUtf8(value), confirmed]);

const promise = (device: AppleDevice, terms: object) =>
  rewrite(device, "UPDATE device SET terms = ?", JSON.stringify(terms));

describe("a command in JSON is held against the catalogue", () => {
  test("what no device takes is refused, all at once, each with its place", async () => {
    const device = await enrolledDevice("mac");

    const answer = await order(device, "ScheduleOSUpdate", {
      Updates: [{ InstallAction: "Sometime", MaxUserDeferrals: "two" }],
    });

    expect(answer.status).toBe(400);
    expect(answer.json.errors).toMatchObject([
      { pointer: "/payload/Updates/0/InstallAction", code: "not-in-list" },
      { pointer: "/payload/Updates/0/MaxUserDeferrals", code: "wrong-type" },
      // What stands in Apple's sentences, and not in its schema.
      { pointer: "/payload/Updates/0", code: "one-of" },
    ]);
    expect((await device.idle()).command).toBeUndefined();
  });

  test.each([
    ["a required key that is missing", "RemoveProfile", {}, "/payload/Identifier", "missing-key"],
    [
      "a number out of range",
      "Settings",
      { Settings: [{ Item: "Wallpaper", Image: "AA==", Where: 9 }] },
      "/payload/Settings/0/Where",
      "not-in-list",
    ],
    ["base64 that is none", "InstallProfile", { Payload: "***" }, "/payload/Payload", "wrong-type"],
    ["null", "InstallProfile", { Payload: null }, "/payload/Payload", "not-convertible"],
  ])("%s is refused", async (_, requestType, payload, pointer, code) => {
    const device = await enrolledDevice("iphone");

    const answer = await order(device, requestType, payload);

    expect(answer.status).toBe(400);
    expect(answer.json.errors).toMatchObject([{ pointer, code }]);
  });

  test("what may not work on this device is queued, and the answer says so", async () => {
    const phone = await enrolledDevice("iphone");

    const answer = await order(phone, "EnableRemoteDesktop");

    expect(answer.status).toBe(201);
    expect(answer.json.warnings).toMatchObject([
      { level: "warning", pointer: "/payload", code: "not-on-platform" },
    ]);
  });

  test("?validate=warn refuses nothing and tells all; off tells nothing", async () => {
    const device = await enrolledDevice("mac");

    const warned = await order(device, "RemoveProfile", { Identifier: 7 }, "&validate=warn");
    const blind = await order(device, "RemoveProfile", { Identifier: 7 }, "&validate=off");

    expect([warned.status, blind.status]).toEqual([201, 201]);
    expect(warned.json.warnings).toMatchObject([{ level: "error", pointer: "/payload/Identifier" }]);
    expect(blind.json.warnings).toEqual([]);
  });

  test("a command that the enrollment's AccessRights forbid is refused with the reason", async () => {
    const device = await enrolledDevice("iphone");
    await promise(device, { kind: "device", profile: { AccessRights: 8191 - 4 } });

    const answer = await order(device, "DeviceLock");

    expect(answer.status).toBe(400);
    expect(answer.json.errors).toMatchObject([
      { pointer: "/payload", code: "forbidden-by-access-rights", detail: expect.stringContaining("8187") },
    ]);
  });

  test("supervision is known once the device told it", async () => {
    const device = await enrolledDevice("iphone");
    expect((await order(device, "RestartDevice")).json.warnings).toEqual([]);
    await device.converse();
    await give(device, "DeviceInformation", { Queries: ["IsSupervised"] });
    await device.converse();
    await alarmOf(device);

    const answer = await order(device, "RestartDevice");

    expect(answer.json.warnings).toMatchObject([{ code: "needs-supervision" }]);
  });

  test("a user channel is a place of its own", async () => {
    const mac = await enrolledDevice("mac");
    const user = mac.users[0]?.id ?? "";

    const answer = await order(mac, "RestartDevice", {}, `&channel=${user}`);

    expect(answer.json.warnings).toMatchObject([{ code: "wrong-channel" }]);
  });
});

describe("the server adds what only it knows", () => {
  test("ClearPasscode: the unlock token of this device", async () => {
    const phone = await enrolledDevice("iphone");

    expect((await order(phone, "ClearPasscode")).status).toBe(201);

    expect((await delivered(phone)).get("UnlockToken")).toEqual(phone.unlockToken);
    expect(phone.state.passcodePresent).toBe(false);
  });

  test("ClearPasscode of a device without a token is refused with the reason", async () => {
    const mac = await enrolledDevice("mac");

    const answer = await order(mac, "ClearPasscode");

    expect(answer.status).toBe(400);
    expect(answer.json.errors).toMatchObject([{ pointer: "/payload/UnlockToken", code: "cannot-complete" }]);
  });

  test.each([
    ["DeviceLock", "lock-pin"],
    ["EraseDevice", "erase-pin"],
  ])("%s of a Mac: a PIN, shown once and in escrow before the Mac can have it", async (requestType, name) => {
    const mac = await enrolledDevice("intelMac");

    const answer = await order(mac, requestType);

    const [{ value: pin }] = answer.json.generated;
    expect(pin).toMatch(/^\d{6}$/);
    expect(answer.json.generated).toEqual([{ escrow: name, value: pin }]);
    expect(await escrowed(mac, name)).toEqual([[pin, true]]);
    expect((await ask("GET", answer.headers.get("Location") ?? "")).text).not.toContain(pin);
    expect((await delivered(mac)).get("PIN")).toBe(pin);
  });

  test("a PIN that was given is kept too, and not shown", async () => {
    const mac = await enrolledDevice("mac");

    const answer = await order(mac, "DeviceLock", { PIN: "123456" });

    expect(answer.json.generated).toEqual([]);
    expect(await escrowed(mac, "lock-pin")).toEqual([["123456", true]]);
  });

  test("the same UUID again makes no second PIN", async () => {
    const mac = await enrolledDevice("mac");
    const again = { json: { request_type: "DeviceLock", uuid: "ONE" } };
    const path = `/api/v1/devices/${mac.id}/commands?push=false`;

    const answers = [await ask("POST", path, again), await ask("POST", path, again)];

    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(answers[1]?.json.generated).toEqual([]);
    expect(await escrowed(mac, "lock-pin")).toEqual([[answers[0]?.json.generated[0].value, true]]);
  });

  test("a phone gets no PIN", async () => {
    const phone = await enrolledDevice("iphone");

    await order(phone, "DeviceLock", { Message: "lost" });

    expect(await delivered(phone)).toEqual(
      new Map([
        ["RequestType", "DeviceLock"],
        ["Message", "lost"],
      ]),
    );
  });

  test("SetRecoveryLock: a new password, in force once the Mac took it, and then the current one", async () => {
    const mac = await enrolledDevice("mac");

    const first = await order(mac, "SetRecoveryLock");
    const [{ value: password }] = first.json.generated;
    expect(password).toMatch(/^[a-zA-Z2-9]{20}$/);
    expect(await escrowed(mac, "recovery-lock")).toEqual([[password, false]]);
    expect((await order(mac, "SetRecoveryLock")).status).toBe(409);
    expect((await delivered(mac)).has("CurrentPassword")).toBe(false);
    expect(mac.state.recoveryLock).toBe(password);
    expect(await escrowed(mac, "recovery-lock")).toEqual([[password, true]]);

    await order(mac, "SetRecoveryLock", { NewPassword: "" });

    expect((await delivered(mac)).get("CurrentPassword")).toBe(password);
    expect(mac.state.recoveryLock).toBeUndefined();
    await order(mac, "SetRecoveryLock", { NewPassword: "third" });
    expect((await delivered(mac)).has("CurrentPassword")).toBe(false);
  });

  test("SetRecoveryLock that the Mac refuses leaves the password before in force", async () => {
    const mac = await enrolledDevice("mac");
    await order(mac, "SetRecoveryLock", { NewPassword: "one" });
    await delivered(mac);
    mac.state.recoveryLock = "somebody else's";
    await order(mac, "SetRecoveryLock", { NewPassword: "two" });
    await delivered(mac);

    expect(await escrowed(mac, "recovery-lock")).toEqual([
      ["two", false],
      ["one", true],
    ]);
    await order(mac, "VerifyRecoveryLock");
    expect((await delivered(mac)).get("Password")).toBe("one");
  });

  test("RotateFileVaultKey: the present key goes in, the new one comes back to escrow", async () => {
    const mac = await enrolledDevice("mac");
    expect((await order(mac, "RotateFileVaultKey")).status).toBe(400);
    mac.state.escrowCertificate = await escrowCertificate(env);
    await order(mac, "SecurityInfo");
    await delivered(mac);
    const before = mac.state.recoveryKey;

    const answer = await order(mac, "RotateFileVaultKey");

    expect(answer.status, answer.text).toBe(201);
    await delivered(mac);
    expect(mac.state.recoveryKey).not.toBe(before);
    expect(await escrowed(mac, "filevault-key")).toEqual([
      [mac.state.recoveryKey, true],
      [before, true],
    ]);
  });

  test("DeviceInformation: all that this device would answer", async () => {
    const [mac, phone] = [await enrolledDevice("mac"), await enrolledDevice("iphone")];

    await order(mac, "DeviceInformation");
    await order(phone, "DeviceInformation");

    const asked = (await delivered(mac)).get("Queries") as string[];
    expect(asked).toContain("IsAppleSilicon");
    expect(asked).toContain("IsSupervised");
    expect(asked).not.toContain("IMEI");
    expect(asked).not.toContain("DevicePropertiesAttestation");
    const askedPhone = (await delivered(phone)).get("Queries") as string[];
    expect(askedPhone).toContain("ServiceSubscriptions");
    expect(askedPhone).not.toContain("HostName");
    expect(askedPhone).not.toContain("QuotaSize");
    expect(askedPhone).not.toContain("PhoneNumber");
  });

  test("Settings: each item as it was given, and the answer entry by entry", async () => {
    const phone = await enrolledDevice("iphone", { ade: true });
    const Settings = [
      { Item: "DeviceName", DeviceName: "Front desk" },
      { Item: "TimeZone", TimeZone: "Europe/Lisbon" },
      { Item: "Bluetooth", Enabled: false },
    ];

    const answer = await order(phone, "Settings", { Settings });

    expect([answer.status, answer.json.warnings]).toEqual([201, []]);
    await delivered(phone);
    expect(phone.state).toMatchObject({
      deviceName: "Front desk",
      timeZone: "Europe/Lisbon",
      bluetooth: false,
    });
    const { json } = await ask("GET", answer.headers.get("Location") ?? "");
    expect(json.payload.Settings).toEqual(Settings);
    expect(json.result.Settings).toHaveLength(3);
  });

  test("DeviceInformation of a user enrollment: nothing that Apple keeps from us", async () => {
    const phone = await enrolledDevice("iphone", { userEnrollment: true });

    await order(phone, "DeviceInformation");

    const asked = (await delivered(phone)).get("Queries") as string[];
    expect(asked).toContain("OSVersion");
    expect(asked).not.toContain("SerialNumber");
    expect(asked).not.toContain("UDID");
  });

  test.each([
    ["SetAutoAdminPassword", { GUID: "G", password: "correct horse" }, (sent: PlistDict) => sent],
    [
      "AccountConfiguration",
      {
        SkipPrimarySetupAccountCreation: true,
        AutoSetupAdminAccounts: [{ shortName: "admin", password: "correct horse" }],
      },
      (sent: PlistDict) => (sent.get("AutoSetupAdminAccounts") as PlistDict[])[0] ?? new Map(),
    ],
  ])("%s: a hash of the password, as macOS keeps it", async (requestType, payload, account) => {
    const mac = await enrolledDevice("mac", { ade: true });

    const answer = await order(mac, requestType, payload);

    expect(answer.json.warnings).toEqual([]);
    const sent = account(await delivered(mac));
    expect(sent.has("password")).toBe(false);
    const hash = readPlist(sent.get("passwordHash") as Uint8Array);
    const parts = hash.ok && ((hash.value as PlistDict).get("SALTED-SHA512-PBKDF2") as PlistDict);
    const { entropy, salt, iterations } = Object.fromEntries(parts || []) as {
      entropy: Uint8Array;
      salt: Uint8Array;
      iterations: number;
    };
    expect([salt.length, iterations]).toEqual([32, 40_000]);
    expect(toBase64(entropy)).toBe(
      pbkdf2Sync("correct horse", salt, iterations, 128, "sha512").toString("base64"),
    );
  });
});

/** Enrolled by the profile that the server makes, as an administrator would hand it out. */
async function enrolledByProfile(flavour: Parameters<typeof enrolledDevice>[0], mdm: object) {
  await invite();
  await ask("PATCH", "/api/v1/enrollment/settings", { json: { mdm: { Topic: topic, ...mdm } } });
  const answer = await transport(
    new Request(`${origin}/api/v1/enrollment/profile?signed=false`, {
      headers: { Authorization: `Bearer ${adminToken}` },
    }),
  );
  const profile = new Uint8Array(await answer.arrayBuffer());
  const device = newDevice(flavour);
  await device.enroll({ profile });
  const read = readPlist(profile);
  return { device, identifier: (read.ok && (read.value as PlistDict).get("PayloadIdentifier")) as string };
}

describe("an enrollment by our own profile", () => {
  test("is known by its rights: what they forbid is refused, what they allow is not", async () => {
    const { device } = await enrolledByProfile("iphone", { AccessRights: 1 + 2 + 16 });

    const refused = await order(device, "EraseDevice");
    const taken = await order(device, "ProfileList");

    expect(refused.json.errors).toMatchObject([
      { pointer: "/payload", code: "forbidden-by-access-rights", detail: expect.stringContaining("19") },
    ]);
    expect(taken.status).toBe(201);
    expect((await order(device, "EraseDevice", {}, "&validate=off")).status).toBe(201);
  });

  test("is known by its profile: only admins take that away", async () => {
    const { device, identifier } = await enrolledByProfile("mac", { AccessRights: 8191 });

    const answer = await order(
      device,
      "RemoveProfile",
      { Identifier: identifier },
      "",
      await tokenFor("operator"),
    );

    expect(answer.status).toBe(403);
  });
});

describe("what cannot be undone", () => {
  test.each(["EraseDevice", "ShutDownDevice", "ClearRestrictionsPassword", "DeleteUser"])(
    "%s needs the role admin",
    async (requestType) => {
      const device = await enrolledDevice("iphone");

      const answer = await order(device, requestType, {}, "", await tokenFor("operator"));

      expect(answer.status).toBe(403);
      expect(answer.json.detail).toContain("needs the role admin");
    },
  );

  test("removing the profile of the enrollment does, removing another one does not", async () => {
    const device = await enrolledDevice("mac");
    await rewrite(device, `UPDATE device SET traits = '{"enrollmentProfile": "com.example.mdm"}'`);
    const token = await tokenFor("operator");

    const answers = await Promise.all(
      ["com.example.mdm", "com.example.wifi"].map((Identifier) =>
        order(device, "RemoveProfile", { Identifier }, "", token),
      ),
    );

    expect(answers.map(({ status }) => status)).toEqual([403, 201]);
  });

  test("an operator may set a recovery lock, and is not shown the password", async () => {
    const mac = await enrolledDevice("mac");

    const answer = await order(mac, "SetRecoveryLock", {}, "", await tokenFor("operator"));

    expect([answer.status, answer.json.generated]).toEqual([201, []]);
  });
});
