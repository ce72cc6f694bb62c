import { describe, expect, test } from "vitest";
import { fleetApps } from "../../src/mdm/inventory/apps.ts";
import { answeredList, type InventoryAnswer, mostItems } from "../../src/mdm/inventory/inventory-facts.ts";
import { readersOf } from "../../src/mdm/results/readers.ts";
import { readPlist } from "../../src/plist/read.ts";
import { type PlistDict, type PlistInput, PlistReal } from "../../src/plist/value.ts";
import { writePlist } from "../../src/plist/write.ts";

type Entries = { [key: string]: PlistInput };

const dict = (entries: Entries): PlistDict => {
  const read = readPlist(writePlist(entries));
  if (!read.ok || !(read.value instanceof Map)) throw new Error("not a dictionary");
  return read.value;
};

/** What the answer to a command tells of the device; undefined when it tells nothing. */
async function toldBy(
  requestType: string,
  result: Entries,
  { command = {}, userId = "" }: { command?: Entries; userId?: string } = {},
): Promise<InventoryAnswer | undefined> {
  const teachers = await readersOf(requestType);
  const lessons = await Promise.all(
    teachers.map((teach) =>
      teach({
        requestType,
        userId,
        command: dict({ RequestType: requestType, ...command }),
        result: dict({ Status: "Acknowledged", ...result }),
        facts: {},
        finishedAt: 0,
      }),
    ),
  );
  return lessons.map((lesson) => lesson?.inventory).find((told) => told !== undefined);
}

const itemsOf = (told: InventoryAnswer | undefined) => told?.list?.items.map(([, item]) => item);

describe("DeviceInformation", () => {
  const answers: Entries = {
    DeviceName: "Anna’s iPhone",
    OSVersion: "18.3",
    IsSupervised: true,
    IsActivationLockEnabled: false,
    IsMDMLostModeEnabled: false,
    DeviceCapacity: new PlistReal(128),
    AvailableDeviceCapacity: 64,
    BatteryLevel: new PlistReal(0.5),
  };

  test("tells facts, names, and Apple's own values", async () => {
    const command = { Queries: [...Object.keys(answers), "IMEI"] };

    const told = await toldBy("DeviceInformation", { QueryResponses: answers }, { command });

    expect(told).toMatchObject({
      facts: {
        supervised: true,
        activationLock: false,
        lostMode: false,
        capacityGb: 128,
        availableGb: 64,
        batteryLevel: 0.5,
      },
      device: { DeviceName: "Anna’s iPhone", OSVersion: "18.3" },
      values: { name: "information", values: { IsSupervised: true, BatteryLevel: 0.5 }, missing: ["IMEI"] },
    });
  });

  test("a battery of -1 is one that nobody knows", async () => {
    const told = await toldBy("DeviceInformation", { QueryResponses: { BatteryLevel: new PlistReal(-1) } });

    expect(told?.facts).toEqual({ batteryLevel: null });
  });

  test("on a user channel it tells values, and nothing of the device", async () => {
    const told = await toldBy("DeviceInformation", { QueryResponses: answers }, { userId: "U" });

    expect(told).toEqual({ values: expect.objectContaining({ name: "information" }) });
  });

  test("does not tell the serial number: that is believed from the enrollment alone", async () => {
    const told = await toldBy("DeviceInformation", { QueryResponses: { SerialNumber: "C02STOLEN" } });

    expect(told?.device).toEqual({});
  });

  test("secrets, attestations and far too long values are left out", async () => {
    const QueryResponses = {
      UnlockToken: new Uint8Array(8),
      PushToken: new Uint8Array(32),
      DevicePropertiesAttestation: [new Uint8Array(3)],
      HostName: "x".repeat(30_000),
      MDMOptions: { Password: "secret", ActivationLockAllowedWhileSupervised: true },
    };

    const told = await toldBy("DeviceInformation", { QueryResponses });

    expect(told?.values?.values).toEqual({
      MDMOptions: { Password: "(masked)", ActivationLockAllowedWhileSupervised: true },
    });
  });
});

describe("SecurityInfo", () => {
  test.each([
    ["a Mac with FileVault", { FDE_Enabled: true }, true],
    ["a Mac without", { FDE_Enabled: false }, false],
    ["a phone with a passcode", { HardwareEncryptionCaps: 3, PasscodePresent: true }, true],
    ["a phone without", { HardwareEncryptionCaps: 3, PasscodePresent: false }, false],
    ["half of the hardware", { HardwareEncryptionCaps: 1, PasscodePresent: true }, false],
    ["a user enrollment, which does not say", { HardwareEncryptionCaps: 3 }, undefined],
  ])("%s", async (_, info, encrypted) => {
    const told = await toldBy("SecurityInfo", { SecurityInfo: info });

    expect(told?.facts?.encrypted).toBe(encrypted);
  });

  test("the recovery key never is among its values", async () => {
    const SecurityInfo = { FDE_Enabled: true, FDE_PersonalRecoveryKeyCMS: new Uint8Array(9) };

    const told = await toldBy("SecurityInfo", { SecurityInfo });

    expect(told?.values?.values).toEqual({ FDE_Enabled: true });
  });

  test("a passcode complies as the profiles want it", async () => {
    const SecurityInfo = { PasscodeCompliant: true, PasscodeCompliantWithProfiles: false };

    expect((await toldBy("SecurityInfo", { SecurityInfo }))?.facts).toEqual({ passcodeCompliant: false });
  });
});

describe("lists", () => {
  const plausible: [string, Entries, object[]][] = [
    [
      "InstalledApplicationList",
      {
        InstalledApplicationList: [
          { Identifier: "org.b", Name: "B", Version: "20", ShortVersion: "2.0", DynamicSize: 5 },
          { Identifier: "org.a", Name: "A", Version: "1", BundleSize: 12, HasUpdateAvailable: false },
        ],
      },
      [
        { identifier: "org.a", name: "A", version: "1", bundle_size: 12, update_available: false },
        { identifier: "org.b", name: "B", version: "20", short_version: "2.0" },
      ],
    ],
    [
      "ProfileList",
      {
        ProfileList: [
          {
            PayloadIdentifier: "com.example",
            PayloadUUID: "U",
            SignerCertificates: [],
            PayloadContent: [{ PayloadType: "com.apple.mdm", PayloadVersion: 1 }],
          },
        ],
      },
      [
        {
          identifier: "com.example",
          uuid: "U",
          signed: false,
          payloads: [{ type: "com.apple.mdm", version: 1 }],
        },
      ],
    ],
    [
      "CertificateList",
      { CertificateList: [{ CommonName: "not DER", IsIdentity: false, Data: new Uint8Array([1, 2, 3]) }] },
      [
        {
          common_name: "not DER",
          is_identity: false,
          fingerprint: "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81",
        },
      ],
    ],
    [
      "ProvisioningProfileList",
      { ProvisioningProfileList: [{ Name: "P", UUID: "U", ExpiryDate: new Date(0) }] },
      [{ name: "P", uuid: "U", expires_at: "1970-01-01T00:00:00.000Z" }],
    ],
    [
      "UserList",
      { Users: [{ UserName: "jo", UID: 501, IsLoggedIn: true, HasSecureToken: true }] },
      [{ short_name: "jo", uid: 501, logged_in: true, has_secure_token: true }],
    ],
    [
      "AvailableOSUpdates",
      { AvailableOSUpdates: [{ ProductKey: "K", ProductName: "iOS", Version: "18.3", IsCritical: false }] },
      [{ product_key: "K", name: "iOS", version: "18.3", critical: false }],
    ],
  ];

  test.each(plausible)("%s, sorted and in our words", async (requestType, result, items) => {
    expect(itemsOf(await toldBy(requestType, result))).toEqual(items);
  });

  test.each([
    ["InstalledApplicationList", { ManagedAppsOnly: true }],
    ["InstalledApplicationList", { Identifiers: ["org.a"] }],
    ["InstalledApplicationList", { Items: ["Name"] }],
    ["ProfileList", { ManagedOnly: true }],
    ["CertificateList", { ManagedOnly: true }],
    ["ProvisioningProfileList", { ManagedOnly: true }],
  ] as [string, Entries][])("a part of %s is not taken for the whole", async (requestType, command) => {
    const [, result] = plausible.find(([type]) => type === requestType) ?? ["", {}, []];

    expect(await toldBy(requestType, result, { command })).toBeUndefined();
  });

  test("what is there twice is there once, and equal keys are told apart", () => {
    const list = answeredList("users", [{ a: 1 }, { a: 1 }, { a: 2 }, { a: 3 }], () => "same");

    expect(list.total).toBe(3);
    expect(new Set(list.items.map(([key]) => key)).size).toBe(3);
    expect(list.items.map(([key]) => key)).toEqual(list.items.map(([key]) => key).toSorted());
  });

  test("a list without end is kept up to a bound, and its length is known", () => {
    const many = Array.from({ length: mostItems + 7 }, (_, n) => ({ n }));
    const long = Array.from({ length: 100 }, (_, n) => ({ n, text: "x".repeat(100_000) }));

    const [short, heavy] = [many, long].map((items) => answeredList("apps", items, ({ n }) => String(n)));

    expect([short?.total, short?.items.length]).toEqual([mostItems + 7, mostItems]);
    expect(heavy?.total).toBe(100);
    expect(JSON.stringify(heavy?.items).length).toBeLessThan(1_500_000);
  });

  test("the fleet counts an app once a device, by its short version", async () => {
    const told = await toldBy("InstalledApplicationList", {
      InstalledApplicationList: [
        { Identifier: "org.a", Name: "A", Version: "1" },
        { Identifier: "org.a", Name: "A", Version: "2", ShortVersion: "2.0" },
        { Name: "no identifier" },
      ],
    });

    expect(fleetApps(told?.list ?? { items: [] })).toEqual([["org.a", "2.0", "A"]]);
  });
});

describe("broken answers", () => {
  const topLevel = {
    AvailableOSUpdates: "AvailableOSUpdates",
    CertificateList: "CertificateList",
    DeviceInformation: "QueryResponses",
    InstalledApplicationList: "InstalledApplicationList",
    ProfileList: "ProfileList",
    ProvisioningProfileList: "ProvisioningProfileList",
    SecurityInfo: "SecurityInfo",
    UserList: "Users",
  };
  const names = Object.entries(topLevel);
  const strange: PlistInput[] = [
    "text",
    7,
    new PlistReal(Number.NaN),
    true,
    new Date(0),
    new Uint8Array([0x30, 0x82]),
    [],
    [[]],
    ["text", 7, {}],
    {},
    { Name: [], Identifier: 5, Data: "text", PayloadContent: 3, ExpiryDate: "soon", BatteryLevel: "full" },
    [{ Name: [], Identifier: 5, Data: "text", PayloadContent: 3, ExpiryDate: "soon" }],
    [{ CommonName: 1, Data: new Uint8Array([0x30, 0x03, 0x02, 0x01]) }],
  ];

  test.each(names)("%s with values of wrong types is read without a fault", async (requestType, key) => {
    for (const value of strange) await toldBy(requestType, { [key]: value });

    expect(await toldBy(requestType, {})).toBeUndefined();
  });

  test.each(names)("%s keeps what is right beside what is wrong", async (requestType, key) => {
    const isList = !["DeviceInformation", "SecurityInfo"].includes(requestType);
    if (isList) {
      const good = { Identifier: "a", Name: "n" };
      const list = itemsOf(await toldBy(requestType, { [key]: [7, good, "text"] }));
      expect(list).toHaveLength(1);
      return;
    }
    const values = { FDE_Enabled: true, IsSupervised: true, PasscodePresent: "yes", BatteryLevel: "full" };
    const told = await toldBy(requestType, { [key]: values });
    expect(told?.facts).toEqual(requestType === "SecurityInfo" ? { encrypted: true } : { supervised: true });
  });
});
